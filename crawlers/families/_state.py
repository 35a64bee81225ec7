"""How a family begins and ends a reading: refusals first, then its own, and no exception for what a page says."""

from collections.abc import Callable
from functools import wraps

from crawlers.families._html import HtmlError
from crawlers.families._json import JsonError, JsonValue, load_json
from crawlers.soft_blocks import ANYTHING, Expected, find_refusal
from domain.reading import Reading, ReadingState
from domain.snapshot import Page

Reader = Callable[[Page], Reading]


def not_understood(reason: str) -> Reading:
    """A page that this family cannot make sense of, with the reason a person needs to mend it."""
    return Reading(ReadingState.NOT_UNDERSTOOD, reason)


def empty(reason: str) -> Reading:
    """A page that is what it should be and holds nothing."""
    return Reading(ReadingState.EMPTY, reason)


def gone(reason: str, *external_ids: str) -> Reading:
    """A page that says in so many words that a thing is no longer there."""
    return Reading(ReadingState.GONE, reason, gone_ids=external_ids)


def reads(
    expected: Expected = ANYTHING, *, own: Callable[[Page], Reading | None] | None = None
) -> Callable[[Reader], Reader]:
    """Decorates a family's `read`: refusals are told first, and a body that is not JSON or HTML is `not_understood`.

    `own` tells the platform's own refusals (an error body that only it has) and is asked before the general rules.
    """

    def decorate(read: Reader) -> Reader:
        @wraps(read)
        def guarded(page: Page) -> Reading:
            try:
                refused = (own(page) if own else None) or find_refusal(page, expected)
                return refused or read(page)
            except (JsonError, HtmlError) as error:
                return not_understood(str(error))

        return guarded

    return decorate


def json_of(page: Page) -> JsonValue:
    """The JSON of a page; raises JsonError, which `reads` turns into `not_understood`."""
    return load_json(page.body, page.snapshot.headers.get("content-type", ""))
