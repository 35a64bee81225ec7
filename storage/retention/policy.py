"""How long a body is kept, by what became of what stood on it. Pure: times in, times out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.decision import Outcome


class RetentionClass(StrEnum):
    """What became of what stood on a page, in the order in which it keeps the page longer."""

    UNFLAGGED = "unflagged"
    DISMISSED = "dismissed"
    UNREVIEWED = "unreviewed"
    CONFIRMED = "confirmed"


DEFAULT_PERIODS: Final[Mapping[RetentionClass, timedelta]] = MappingProxyType(
    {
        RetentionClass.UNFLAGGED: timedelta(days=7),
        RetentionClass.DISMISSED: timedelta(days=30),
        RetentionClass.UNREVIEWED: timedelta(days=90),
        RetentionClass.CONFIRMED: timedelta(days=730),
    }
)

_DISMISSING = frozenset({Outcome.NOT_A_VIOLATION, Outcome.AUTHORISED, Outcome.DUPLICATE})
_CONFIRMING = frozenset({Outcome.CONFIRMED, Outcome.ESCALATED})


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """The period for each class: since the page was last fetched, the listing last seen, or a person last decided."""

    periods: Mapping[RetentionClass, timedelta] = field(default_factory=lambda: DEFAULT_PERIODS)

    @property
    def shortest(self) -> timedelta:
        """No body younger than this is ever due."""
        return min(self.periods.values())


@dataclass(frozen=True, slots=True)
class Flag:
    """One alert about something that stood on a page: when it was last seen and, last of all decisions, decided."""

    last_seen_at: datetime
    outcome: Outcome | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The class that keeps a body longest, and until when."""

    retention_class: RetentionClass
    until: datetime


def keep_until(policy: RetentionPolicy, last_fetched_at: datetime, flags: Iterable[Flag]) -> Kept:
    """Until when a body is kept: as long as the one thing on it that needs it longest."""
    unflagged = RetentionClass.UNFLAGGED
    kept = [Kept(unflagged, last_fetched_at + policy.periods[unflagged])]
    kept += [_kept(policy, flag) for flag in flags]
    return max(kept, key=lambda one: one.until)


def _kept(policy: RetentionPolicy, flag: Flag) -> Kept:
    last = max(flag.last_seen_at, flag.decided_at or flag.last_seen_at)
    if flag.outcome in _CONFIRMING:
        return Kept(RetentionClass.CONFIRMED, last + policy.periods[RetentionClass.CONFIRMED])
    if flag.outcome in _DISMISSING and flag.decided_at is not None:
        return Kept(RetentionClass.DISMISSED, flag.decided_at + policy.periods[RetentionClass.DISMISSED])
    return Kept(RetentionClass.UNREVIEWED, last + policy.periods[RetentionClass.UNREVIEWED])
