"""What a crawl process tells the worker that started it: one JSON message per event."""

from dataclasses import asdict, dataclass
from typing import Literal

import orjson

from domain.errors import UndercutError


class EventError(UndercutError):
    """A message that is not one of the events."""


@dataclass(frozen=True, slots=True)
class PageEvent:
    """A page went down the line: how it read, how many listings it held, and which alerts have something new."""

    url: str
    state: str
    reason: str
    listings: int
    alerts: tuple[str, ...]
    notices: int
    kind: Literal["page"] = "page"


@dataclass(frozen=True, slots=True)
class FailureEvent:
    """A request brought no page, and why."""

    url: str
    failure: str
    detail: str
    kind: Literal["failure"] = "failure"


@dataclass(frozen=True, slots=True)
class EndEvent:
    """The crawl ended; `stop_reason` is empty when it came to its own end."""

    asked: int
    pages: int
    failures: int
    stop_reason: str
    kind: Literal["end"] = "end"


@dataclass(frozen=True, slots=True)
class CrashEvent:
    """The crawl could not go on: one sentence for a person."""

    message: str
    kind: Literal["crash"] = "crash"


CrawlEvent = PageEvent | FailureEvent | EndEvent | CrashEvent
_KINDS: dict[str, type[PageEvent] | type[FailureEvent] | type[EndEvent] | type[CrashEvent]] = {
    "page": PageEvent,
    "failure": FailureEvent,
    "end": EndEvent,
    "crash": CrashEvent,
}


def write_event(event: CrawlEvent) -> bytes:
    """The event as a line, with its line break."""
    return orjson.dumps(asdict(event), option=orjson.OPT_APPEND_NEWLINE)


def read_event(line: bytes) -> CrawlEvent:
    """The event of a line; raises EventError."""
    try:
        fields = orjson.loads(line)
        event = _KINDS[fields["kind"]](**fields)
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise EventError(f"a crawl said something that is no event: {line[:200]!r}") from error
    if isinstance(event, PageEvent):
        return PageEvent(event.url, event.state, event.reason, event.listings, tuple(event.alerts), event.notices)
    return event
