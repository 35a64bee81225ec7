"""How gently a host is asked: floors that nothing lowers, pauses that double, budgets that end with the day.

Everything here is a pure function of a host's state, a pace and the time, so that ten thousand requests can be
simulated. `crawlers/transports/politeness_gate.py` enforces it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from domain.source import Manners

JITTER = 0.2
FIRST_PAUSE_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 86_400.0
LONGEST_STATED_PAUSE_SECONDS = 30 * 86_400.0
"""A place may ask for more patience than our own longest pause; beyond a month it is asked again all the same."""
ANSWER_SECONDS = 60.0
"""How long a granted turn is held for an answer. None may take longer, or another process would have the turn."""

_BACK_OFF_STATUSES = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class HostFloor:
    """The least gap between two requests to a host in seconds, and the most pages of it in a day, with the reason."""

    delay_seconds: float
    most_pages_per_day: int
    reason: str


GENERAL_FLOOR = HostFloor(10.0, 500, "public pages that nobody offered to programs")

# Interfaces that their owner publishes for programs, with the limits the owner documents. Everything else, Telegram's
# preview included, keeps the general floor. One table, so that a look at it tells every exception.
PUBLISHED_FLOORS: Mapping[str, HostFloor] = {
    "api.github.com": HostFloor(
        2.0, 5_000, "docs.github.com/rest: 30 searches a minute and 5,000 requests an hour with a token, one at a time"
    ),
    "api.ebay.com": HostFloor(2.0, 5_000, "developer.ebay.com: 5,000 calls a day to the Browse interface"),
    "oauth.reddit.com": HostFloor(2.0, 5_000, "support.reddithelp.com: 100 queries a minute for a registered client"),
    "www.v2ex.com": HostFloor(30.0, 500, "v2ex.com/help/api: 120 requests an hour from one address"),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How one source may ask one host: never sooner than `least_seconds`, usually about `delay_seconds` apart.

    An `exempt` host is a loopback one that the operator allowed by name: nothing is waited for and nothing counted.
    """

    least_seconds: float
    delay_seconds: float
    pages_per_day: int
    exempt: bool = False


EXEMPT = Pace(0.0, 0.0, 0, exempt=True)


@dataclass(frozen=True, slots=True)
class HostState:
    """What is remembered of a host between requests and between processes; all times aware UTC.

    `next_turn_at` is when the next request may start, `paused_until` what a refusal or the host itself asked for,
    `pages_today` counts every request of `day`, robots.txt and redirects included.
    """

    next_turn_at: datetime | None = None
    paused_until: datetime | None = None
    pause_reason: str = ""
    back_off_level: int = 0
    day: date | None = None
    pages_today: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to "may I ask now?": granted, or when to ask again, or why not today.

    `backing_off` says that the host refused before and has not answered well since.
    """

    granted: bool
    next_at: datetime
    over_budget: bool = False
    reason: str = ""
    backing_off: bool = False


def pace_for(host: str, manners: Manners, *, crawl_delay_seconds: float | None = None) -> Pace:
    """The pace of a source at a host: the gentlest of the floor, the source's manners and the host's crawl-delay."""
    floor = PUBLISHED_FLOORS.get(host, GENERAL_FLOOR)
    least = max(floor.delay_seconds, min(crawl_delay_seconds or 0.0, LONGEST_STATED_PAUSE_SECONDS))
    return Pace(
        least_seconds=least,
        delay_seconds=max(least, manners.delay_seconds),
        pages_per_day=min(floor.most_pages_per_day, manners.pages_per_day),
    )


def gap_seconds(pace: Pace, randomness: float) -> float:
    """The gap before the next request: a fifth more or less than the delay, never under the least.

    `randomness` is from 0 to 1, so that the caller owns the dice.
    """
    shortest = max(pace.least_seconds, pace.delay_seconds * (1 - JITTER))
    longest = max(shortest, pace.delay_seconds * (1 + JITTER))
    return shortest + (longest - shortest) * randomness


def ask_turn(state: HostState, pace: Pace, now: datetime, randomness: float) -> tuple[HostState, Turn]:
    """May a request start now? A granted turn is taken in the same step, so that two askers never get the same one."""
    today = now.astimezone(UTC).date()
    pages_today = state.pages_today if state.day == today else 0
    if pages_today >= pace.pages_per_day:
        midnight = datetime.combine(today + timedelta(days=1), time(), tzinfo=UTC)
        reason = f"the daily budget of {pace.pages_per_day} pages is spent"
        return state, Turn(granted=False, next_at=midnight, over_budget=True, reason=reason)
    next_at = max((moment for moment in (state.next_turn_at, state.paused_until) if moment is not None), default=now)
    backing_off = state.back_off_level > 0
    if next_at > now:
        paused = state.paused_until is not None and state.paused_until > now
        reason = state.pause_reason if paused else "the gap between two requests has not passed"
        return state, Turn(granted=False, next_at=next_at, reason=reason, backing_off=backing_off)
    held = timedelta(seconds=ANSWER_SECONDS + gap_seconds(pace, randomness))
    taken = replace(state, next_turn_at=now + held, day=today, pages_today=pages_today + 1)
    return taken, Turn(granted=True, next_at=now, backing_off=backing_off)


def after_answer(
    state: HostState, pace: Pace, now: datetime, randomness: float, *, status: int, asked_seconds: float | None = None
) -> HostState:
    """The state once a request has ended, however it did (`status` 0 without an answer): the gap runs from its end.

    429 and 503 begin or double a pause; what the host asked for (`asked_seconds`) is kept to where it is longer.
    """
    rested = replace(state, next_turn_at=now + timedelta(seconds=gap_seconds(pace, randomness)))
    if status in _BACK_OFF_STATUSES:
        return after_refusal(rested, now, asked_seconds=asked_seconds, reason=f"the host answered {status}")
    if asked_seconds:
        return _paused(rested, now, asked_seconds, f"the host asked for {asked_seconds:.0f} s")
    return rested


def after_refusal(state: HostState, now: datetime, *, asked_seconds: float | None, reason: str) -> HostState:
    """The state after a refusal: pauses of a minute, two, four, up to a day, or as long as the host asked for."""
    if state.paused_until is not None and state.paused_until > now:
        # The status and the page tell of the same refusal: counted once, the longer wish kept.
        return _paused(state, now, asked_seconds or 0.0, reason)
    level = min(state.back_off_level + 1, 32)
    own = min(FIRST_PAUSE_SECONDS * 2 ** (level - 1), LONGEST_PAUSE_SECONDS)
    return replace(_paused(state, now, max(own, asked_seconds or 0.0), reason), back_off_level=level)


def after_success(state: HostState) -> HostState:
    """The state after a page that was understood: the next refusal starts from a minute again."""
    return replace(state, back_off_level=0)


def asked_pause_seconds(status: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """How long the host asks to be left alone, by Retry-After or a spent rate limit; None where it does not say.

    `headers` have lower-case names. GitHub and others say `x-ratelimit-remaining: 0` with a reset as Unix time.
    """
    if 200 <= status < 300 or status == 304:
        spent = headers.get("x-ratelimit-remaining", "").strip() == "0"
        return _seconds_until_reset(headers, now) if spent else None
    stated = _retry_after_seconds(headers.get("retry-after", ""), now)
    if stated is None and headers.get("x-ratelimit-remaining", "").strip() == "0":
        stated = _seconds_until_reset(headers, now)
    return stated


def _paused(state: HostState, now: datetime, seconds: float, reason: str) -> HostState:
    until = now + timedelta(seconds=min(max(seconds, 0.0), LONGEST_STATED_PAUSE_SECONDS))
    if state.paused_until is not None and state.paused_until >= until:
        return state
    return replace(state, paused_until=until, pause_reason=reason)


def _retry_after_seconds(value: str, now: datetime) -> float | None:
    value = value.strip()[:64]
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_STATED_PAUSE_SECONDS)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return max(0.0, min((moment - now).total_seconds(), LONGEST_STATED_PAUSE_SECONDS))


def _seconds_until_reset(headers: Mapping[str, str], now: datetime) -> float | None:
    value = headers.get("x-ratelimit-reset", "").strip()[:32]
    if not (value.isascii() and value.isdigit()):
        return None
    return max(0.0, min(float(value) - now.timestamp(), LONGEST_STATED_PAUSE_SECONDS))
