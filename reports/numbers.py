"""How a number, a share and a time are written: once, so that every format of a case says the same."""

from datetime import UTC, datetime
from decimal import Decimal

_LEAST_PLACES = 4
_PLAIN_EXPONENT = 24


def decimal_text(value: Decimal) -> str:
    """An exact decimal without an exponent, as stated (4.50 stays 4.50); only beyond 24 places one is written."""
    if value == 0:
        return "0"
    if abs(value.adjusted()) > _PLAIN_EXPONENT or int(value.as_tuple().exponent) < -_PLAIN_EXPONENT * 2:
        return f"{value:.6E}"
    return f"{value:f}"


def share_text(share: Decimal) -> str:
    """A share of the official price to four places, or to two significant digits where four would show less."""
    if share == 0:
        return "0.0000"
    places = max(_LEAST_PLACES, min(1 - share.adjusted(), _PLAIN_EXPONENT))
    return f"{round(share, places):f}"


def percent_text(share: str) -> str:
    """The same digits as a percentage: "0.0714" gives "7.14"."""
    return f"{Decimal(share).scaleb(2):f}"


def time_text(moment: datetime) -> str:
    """Seconds in UTC, RFC 3339: `2026-11-20T10:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
