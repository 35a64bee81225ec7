"""A finding that policy says a person should see, and the notices that tell them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.finding import Finding


class Severity(StrEnum):
    """How soon a person should look, gravest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class AlertStatus(StrEnum):
    """Where an alert stands with the people who review it."""

    OPEN = "open"
    CLAIMED = "claimed"
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """What the policy made of a finding: whether and how a person is told, and which rule said so."""

    rule: str
    alert: bool
    severity: Severity
    queue: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing for a person to look at: one per source and external id, its newest finding on top.

    `version` rises whenever the alert says something new (an edited listing, a deeper discount).
    """

    alert_id: str
    source: str
    external_id: str
    url: str
    title: str
    platform: str
    finding: Finding
    severity: Severity
    queue: str
    rule: str
    status: AlertStatus
    version: int
    opened_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one channel about one version of an alert.

    `idempotency_key` is the same at every attempt, so that a receiver can tell a repeat.
    """

    notice_id: str
    idempotency_key: str
    channel: str
    alert: Alert
    created_at: datetime


class Settled(StrEnum):
    """What became of a notice that a deliverer held: the first two are ends, the others are due again."""

    DELIVERED = "delivered"
    PARKED = "parked"
    RETRY = "retry"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of one held notice. `at` is when that was, or, where it is due again, when it is."""

    notice_id: str
    settled: Settled
    at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """A notice that one deliverer holds for a while, with how often delivery was tried and since when.

    `attempts` is 0 and `first_attempt_at` None for one that was never tried.
    """

    notice: Notice
    attempts: int
    first_attempt_at: datetime | None
