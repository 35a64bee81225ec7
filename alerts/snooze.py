"""Snoozing: a person says "not now"; the alert comes back when the time is over, or sooner when it has become worse.

What is merely edited, or seen again, stays quiet meanwhile and is on the alert when it comes back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from alerts.policy import rank_severity
from domain.alert import Alert, Severity
from domain.clock import require_utc
from domain.errors import UndercutError
from domain.finding import Lane

LONGEST: Final = timedelta(days=30)
DEEPER_BY: Final = Decimal("0.5")
"""A snoozed alert comes back when its lowest share has fallen to this part of what it was."""


class SnoozeError(UndercutError):
    """An alert cannot be put off for so long, or not at all; the message says what can be done."""


class Waking(StrEnum):
    """Why a snoozed alert comes back."""

    TIME = "time"
    GRAVER = "graver"
    DEEPER_DISCOUNT = "deeper_discount"


@dataclass(frozen=True, slots=True)
class Snooze:
    """One person's "not now", with how the alert stood then, so that it can be told when it has become worse."""

    alert_id: str
    version: int
    severity: Severity
    lane: Lane
    lowest_share: Decimal | None
    until: datetime
    analyst: str


def snooze(alert: Alert, until: datetime, analyst: str, now: datetime) -> Snooze:
    """Put an alert off until a time; raises SnoozeError for one that has passed or is further off than 30 days."""
    ends = require_utc(until, what="the end of a snooze")
    if ends <= now:
        raise SnoozeError(f"{ends:%Y-%m-%d %H:%M} UTC has passed; choose a later time")
    if ends - now > LONGEST:
        raise SnoozeError(
            f"an alert can be put off for {LONGEST.days} days at most; close it, or choose an earlier time"
        )
    finding = alert.finding
    return Snooze(alert.alert_id, alert.version, alert.severity, finding.lane, finding.lowest_share, ends, analyst)


def wakes(put_off: Snooze, alert: Alert, now: datetime) -> Waking | None:
    """Why the alert, as it stands now, comes back; None while it stays quiet.

    The same question is asked of a new version before anyone is told of it, and of every snooze by the clock.
    """
    if rank_severity(alert.severity) < rank_severity(put_off.severity) or alert.finding.lane.rank < put_off.lane.rank:
        return Waking.GRAVER
    if _is_deeper(alert.finding.lowest_share, put_off.lowest_share):
        return Waking.DEEPER_DISCOUNT
    return Waking.TIME if now >= put_off.until else None


def _is_deeper(share: Decimal | None, before: Decimal | None) -> bool:
    if share is None:
        return False
    return before is None or (share < before and share <= before * DEEPER_BY)
