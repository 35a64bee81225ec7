"""A person's verdict; it never overwrites a finding."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What a person decided about an alert."""

    CONFIRMED = "confirmed"
    NOT_A_VIOLATION = "not_a_violation"
    NEEDS_MORE = "needs_more"
    DUPLICATE = "duplicate"
    AUTHORISED = "authorised"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's verdict on one version of an alert, with its reason and time."""

    alert_id: str
    alert_version: int
    outcome: Outcome
    reason_code: str
    note: str
    analyst: str
    decided_at: datetime
