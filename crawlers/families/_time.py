"""Times as pages state them, as aware UTC; what cannot be told is None, never now."""

from datetime import UTC, datetime
from decimal import Decimal

_FIRST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
_LAST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()


def time_from_iso(text: str) -> datetime | None:
    """An ISO 8601 time; one without a zone is taken as UTC, one that is not a time gives None."""
    try:
        moment = datetime.fromisoformat(text.strip()[:64])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def time_from_epoch(number: Decimal | int | None) -> datetime | None:
    """Seconds (or, where it can only be that, milliseconds) since 1970; None outside of the years 2000 to 2100."""
    if number is None:
        return None
    seconds = float(number)
    if seconds > _LAST:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, tz=UTC) if _FIRST <= seconds < _LAST else None
