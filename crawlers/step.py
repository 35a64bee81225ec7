"""What a crawl is told after each page, and what it tells where there was no page."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.reading import STOPPING_STATES, FurtherRequest, Reading, ReadingState

_SETTLED_STATES = frozenset({ReadingState.FRESH, ReadingState.EMPTY, ReadingState.UNCHANGED, ReadingState.GONE})


@dataclass(frozen=True, slots=True)
class CrawlStep:
    """How a crawl goes on after a page.

    `further` are pages of the same site to ask for next. `stop` ends the source's crawl for `reason`. `refused` says
    that the place does not want to be read now: its host is left alone, for `pause_seconds` where it said how long,
    otherwise with pauses that double. `settled` says that the page was understood, so that an unchanged one need not
    be sent again (its ETag is remembered).
    """

    further: tuple[FurtherRequest, ...] = ()
    stop: bool = False
    reason: str = ""
    refused: bool = False
    pause_seconds: int | None = None
    settled: bool = True


def step_after(reading: Reading) -> CrawlStep:
    """The step that a reading asks for: a refusal stops the source, anything else goes on with its further requests."""
    refused = reading.state in STOPPING_STATES
    return CrawlStep(
        further=() if refused else reading.further,
        stop=refused,
        reason=f"{reading.state}: {reading.reason}" if reading.reason else str(reading.state),
        refused=refused,
        pause_seconds=reading.retry_after_seconds if refused else None,
        settled=reading.state in _SETTLED_STATES,
    )


class FailureKind(StrEnum):
    """Why there was no page."""

    NAME_UNKNOWN = "name_unknown"
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    GUARD = "guard"
    ROBOTS = "robots"
    BUDGET = "budget"
    NOT_YET = "not_yet"
    OFF_SITE = "off_site"
    REDIRECTS = "redirects"
    NOT_ARCHIVED = "not_archived"


ENDING_FAILURES = frozenset({FailureKind.BUDGET, FailureKind.NOT_YET})
"""Failures after which every further request of the crawl would fail in the same way."""


@dataclass(frozen=True, slots=True)
class CrawlFailure:
    """A request that brought no page: which, why in our own words, and when it may be tried again where that is known.

    `detail` never holds control characters or anything of the place's text beyond its addresses.
    """

    source: str
    url: str
    kind: FailureKind
    detail: str
    failed_at: datetime
    next_try_at: datetime | None = None
