"""Time is aware UTC everywhere; this is the one place that says so."""

from collections.abc import Callable
from datetime import UTC, datetime

from domain.errors import UndercutError

Clock = Callable[[], datetime]
"""Gives the present as an aware UTC time; tests hand in their own."""


class NaiveTimeError(UndercutError):
    """A time without a zone reached a place that keeps time."""


def utc_now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def require_utc(moment: datetime, *, what: str) -> datetime:
    """The same moment in UTC; raises NaiveTimeError for one without a zone, naming `what` it is."""
    if moment.tzinfo is None:
        raise NaiveTimeError(f"{what} has no time zone: {moment!r}; give an aware datetime")
    return moment.astimezone(UTC)
