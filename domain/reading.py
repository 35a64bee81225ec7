"""What a family made of a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.lead import Lead
from domain.listing import Listing


class ReadingState(StrEnum):
    """What the place said. A blocked or empty page never means gone; gone needs an explicit sign, twice."""

    FRESH = "fresh"
    EMPTY = "empty"
    UNCHANGED = "unchanged"
    GONE = "gone"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate_limited"
    LOGIN_REQUIRED = "login_required"
    NOT_UNDERSTOOD = "not_understood"


STOPPING_STATES = frozenset({ReadingState.BLOCKED, ReadingState.RATE_LIMITED, ReadingState.LOGIN_REQUIRED})
"""States that end a source's crawl within one request: nothing is solved, rotated or bypassed."""


@dataclass(frozen=True, slots=True)
class FurtherRequest:
    """A page of the same place that should be read next, with what it will need to be understood.

    `context` travels into the next snapshot. `headers` are added to the request (never a secret). `body` makes it a
    POST of a published read-only interface.
    """

    url: str
    context: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a family made of a snapshot: a state with its reason, listings, further requests and leads.

    `retry_after_seconds` is what the place asked for when it was rate limited. `gone_ids` are external ids that
    the page explicitly says are no longer there. `problems` name records that were skipped, each with its place.
    """

    state: ReadingState
    reason: str = ""
    listings: tuple[Listing, ...] = ()
    further: tuple[FurtherRequest, ...] = ()
    leads: tuple[Lead, ...] = ()
    gone_ids: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    retry_after_seconds: int | None = None
