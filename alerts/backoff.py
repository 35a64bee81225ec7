"""How long to wait before trying again, and when to give up."""

from datetime import datetime, timedelta

FIRST_WAIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 300.0
LONGEST_ASKED_SECONDS = 3600.0
GIVE_UP_AFTER = timedelta(hours=24)


def wait_seconds(attempts_before: int, draw: float, asked: float | None = None) -> float:
    """Seconds until the next attempt: doubling from five up to five minutes, between half and all of it by the draw.

    `draw` is in [0, 1) and spreads those that failed together. What the receiver asked for is honoured where it is
    longer, up to an hour.
    """
    ceiling = min(FIRST_WAIT_SECONDS * 2.0 ** min(attempts_before, 10), LONGEST_WAIT_SECONDS)
    wait = ceiling * (0.5 + draw / 2)
    return max(wait, min(asked, LONGEST_ASKED_SECONDS)) if asked is not None else wait


def is_hopeless(first_attempt_at: datetime | None, now: datetime) -> bool:
    """Has it been tried for a whole day?"""
    return first_attempt_at is not None and now - first_attempt_at >= GIVE_UP_AFTER
