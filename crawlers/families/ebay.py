"""eBay's Browse interface: searches and items, in the currency shown and the one the seller asks for.

The token is the operator's; the site's own pages are not read, since its user agreement does not allow it.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import quote, unquote, urlencode

from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonError, JsonValue, as_array, as_object, as_text, load_json, look_up
from crawlers.families._paging import pages_left_in
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._shop import (
    error_reading,
    host_of,
    item_listing,
    items_reading,
    paged_request,
    picture,
    place_of,
    rich_text,
    seller,
    stated_price,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_iso
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "ebay"
API = "https://api.ebay.com"
SITE = "https://www.ebay.com"
SEARCH_PATH = "/buy/browse/v1/item_summary/search"
ITEM_PATH = "/buy/browse/v1/item/"
PAGE_SIZE = 100
_NOT_FOUND = frozenset({"11001", "11002", "13022"})


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """A search for each of `queries`, newest first, and each of `items` (their ids).

    A start URL without a path gives another root.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [API]
    fixed = {"limit": str(PAGE_SIZE), "offset": "0", "sort": "newlyListed"}
    searches = [
        paged_request(f"{root}{SEARCH_PATH}?{urlencode({'q': query, **fixed})}", source, 1)
        for root in roots
        for query in source.options.get("queries", ())
    ]
    items = [
        FurtherRequest(f"{root}{ITEM_PATH}{quote(number, safe='')}")
        for root in roots
        for number in source.options.get("items", ())
    ]
    return (*searches, *items)


def _own_refusal(page: Page) -> Reading | None:
    """The interface's error for an item that is no longer there."""
    if page.snapshot.status < 400 or b'"errorId"' not in page.body[:4_096]:
        return None
    try:
        errors = [as_object(error) for error in as_array(as_object(load_json(page.body)).get("errors"))]
    except JsonError:
        return None
    path = place_of(page.snapshot.url_asked)[1]
    if path.startswith(ITEM_PATH) and any(as_text(error.get("errorId")) in _NOT_FOUND for error in errors):
        return gone("the interface says that the item was not found", unquote(path.removeprefix(ITEM_PATH)))
    return None


@reads(Expected("json", ('"itemsummaries"', '"itemid"')), own=_own_refusal)
def read(page: Page) -> Reading:
    """A page of items, or one item."""
    answer = as_object(json_of(page))
    if isinstance(answer.get("itemSummaries"), list):
        listings = [_listing(page, as_object(item)) for item in as_array(answer["itemSummaries"])]
        return items_reading(listings, "the search found nothing", further=_next_page(page, answer))
    if "total" in answer and "limit" in answer:
        return items_reading([], "the search found nothing")
    if "itemId" in answer:
        return items_reading([_listing(page, answer)], "no item")
    if errors := as_array(answer.get("errors")):
        first = as_object(errors[0])
        return error_reading(page, first.get("errorId"), as_text(first.get("message")))
    return not_understood("neither items nor an item of eBay: its interface may have changed")


def _next_page(page: Page, answer: Mapping[str, JsonValue]) -> tuple[FurtherRequest, ...]:
    """The address that the answer gives for the next page, on the same host only."""
    left, url = pages_left_in(page), absolute_url(as_text(answer.get("next")), "")
    if not left or url is None or place_of(url)[0] != host_of(page):
        return ()
    return (FurtherRequest(url, {**page.snapshot.context, "pages_left": str(left - 1)}),)


def _listing(page: Page, item: dict[str, JsonValue]) -> Listing | None:
    number = one_line(as_text(item.get("itemId")))[:100]
    if not number or "title" not in item:
        return None
    legacy = one_line(as_text(item.get("legacyItemId"))) or (number.split("|")[1] if number.count("|") == 2 else "")
    sold_by = one_line(as_text(look_up(item, "seller", "username")))
    category = one_line(as_text(look_up(item, "categories", 0, "categoryName")) or as_text(item.get("categoryPath")))
    described = (as_text(item.get("shortDescription")), as_text(item.get("description")))
    return item_listing(
        page,
        "marketplace",
        number,
        f"{SITE}/itm/{quote(legacy)}" if legacy else absolute_url(as_text(item.get("itemWebUrl")), SITE) or "",
        as_text(item.get("title")),
        texts=(*map(rich_text, described), category, one_line(as_text(item.get("condition")))),
        handles=seller(NAME, sold_by, f"{SITE}/usr/{quote(sold_by)}" if sold_by else None),
        prices=_prices(item),
        reach=Reach(),
        posted_at=time_from_iso(as_text(item.get("itemCreationDate"))),
        images=(picture(look_up(item, "image", "imageUrl"), SITE),),
    )


def _prices(item: dict[str, JsonValue]) -> Iterator[PriceField | None]:
    """The price shown (of an auction its current bid), the same in the seller's own currency, and the former price."""
    price = as_object(item.get("price")) or as_object(item.get("currentBidPrice"))
    yield stated_price(price.get("value"), _currency(price.get("currency")))
    if as_text(price.get("convertedFromValue")):
        own = _currency(price.get("convertedFromCurrency"))
        yield stated_price(price.get("convertedFromValue"), own, name="convertedFromValue")
    former = as_object(look_up(item, "marketingPrice", "originalPrice"))
    if as_text(former.get("value")):
        yield stated_price(former.get("value"), _currency(former.get("currency")), name="originalPrice", old=True)


def _currency(value: JsonValue) -> str | None:
    stated = as_text(value)
    return stated if len(stated) == 3 and stated.isascii() and stated.isupper() else None


def recognise(page: Page) -> Recognition | None:
    """By its host and the shape of its items."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    host = host_of(page)
    if host == "ebay.com" or host.endswith(".ebay.com"):
        yield Mark(ADDRESS, 0.9, f"host {host}")
    if carries(page, b'"itemSummaries"', b'"itemId"', b'"buyingOptions"'):
        yield Mark(ANSWER, 0.5, "shape of its items")


FAMILY = Family(
    name=NAME,
    software="eBay Browse API",
    platform="marketplace",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
