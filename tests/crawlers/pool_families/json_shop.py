"""Reads JSON with the standard library, whose recursion a page can exhaust."""

import json

from crawlers.family import Family
from domain.listing import Listing, Reach
from domain.reading import Reading, ReadingState
from domain.snapshot import Page


def read(page: Page) -> Reading:
    """An object with `title` and `stock`."""
    try:
        item = json.loads(page.body)
    except ValueError as error:
        return Reading(ReadingState.NOT_UNDERSTOOD, f"no JSON: {type(error).__name__}")
    listing = Listing(
        source=page.snapshot.source,
        external_id="1",
        url=page.snapshot.url_answered,
        platform="shop",
        title=item["title"],
        text="",
        observed_at=page.snapshot.fetched_at,
        reach=Reach(stock=item.get("stock")),
    )
    return Reading(ReadingState.FRESH, listings=(listing,))


FAMILY = Family("json_shop", "none", "shop", read, lambda source: ())
