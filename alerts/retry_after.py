"""What a receiver asks for in Retry-After: seconds, or a date (RFC 9110)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 86_400.0


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, at most a day; None where nothing readable was asked for."""
    if not value or len(value) > 60:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_SECONDS)
