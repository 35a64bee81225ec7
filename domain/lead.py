"""A place that could be watched, found on the way; a person decides whether it is."""

from dataclasses import dataclass
from enum import StrEnum


class LeadStatus(StrEnum):
    """What a person has decided about a lead."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Lead:
    """A candidate source: its address, why it was proposed, and the page that named it."""

    url: str
    reason: str
    found_on: str
    family: str | None = None
