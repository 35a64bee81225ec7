"""G2G: the open interface that its search page asks. An unknown path answers AWS's own 403, which is no ban."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._shop import (
    error_reading,
    host_of,
    item_listing,
    items_reading,
    next_numbered,
    paged_request,
    place_of,
    query_of,
    rich_text,
    seller,
    stated_price,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "g2g"
API = "https://sls.g2g.com"
SHOP = "https://www.g2g.com"
PAGE_SIZE = 48
_SUCCESS = 2000
_SEARCH_PATH = "/offer/search"


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """A search for each of `queries`, and one for each of `terms` (a category's name in its address).

    A start URL without a path gives another root.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [API]
    fixed = {"sort": "recommended", "page_size": str(PAGE_SIZE), "page": "1", "group": "0", "currency": "USD"}
    sought = [{"q": query} for query in source.options.get("queries", ())]
    sought += [{"seo_term": term} for term in source.options.get("terms", ())]
    searches = [
        paged_request(f"{root}{_SEARCH_PATH}?{urlencode({**one, **fixed, 'country': 'US', 'v': 'v2'})}", source, 2)
        for root in roots
        for one in sought
    ]
    offers = [
        FurtherRequest(f"{root}/offer/{quote(number)}") for root in roots for number in source.options.get("offers", ())
    ]
    return (*searches, *offers)


def _own_refusal(page: Page) -> Reading | None:
    if b"Missing Authentication Token" in page.body[:300]:
        return not_understood("the gateway knows no such path: the interface has moved")
    return None


@reads(Expected("json", ('"offer_id"', '"payload"')), own=_own_refusal)
def read(page: Page) -> Reading:
    """A page of offers, or one offer."""
    answer = as_object(json_of(page))
    code, payload = answer.get("code"), as_object(answer.get("payload"))
    if code != _SUCCESS:
        return _refused(page, answer)
    if isinstance(payload.get("results"), list):
        results = as_array(payload["results"])
        size = as_count(query_of(page).get("page_size")) or PAGE_SIZE
        further = next_numbered(page) if len(results) >= size else ()
        return items_reading([_listing(page, item) for item in results], "the search found nothing", further=further)
    if "offer_id" in payload:
        return items_reading([_listing(page, payload)], "no offer")
    return not_understood("neither offers nor an offer: G2G's interface may have changed")


def _refused(page: Page, answer: dict[str, JsonValue]) -> Reading:
    messages = [as_text(as_object(each).get("text")) or as_text(each) for each in as_array(answer.get("messages"))[:5]]
    said = one_line("; ".join(message for message in messages if message))
    head, _slash, number = place_of(page.snapshot.url_asked)[1].rpartition("/")
    if head == "/offer" and number not in ("search", "") and "not found" in said.lower():
        return gone(f"the interface says: {said[:100]}", number)
    return error_reading(page, answer.get("code"), said)


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    number = one_line(as_text(item.get("offer_id")))
    if not number or not ({"converted_unit_price", "unit_price"} & set(item)):
        return None
    shown, own = _currency(item.get("display_currency")), _currency(item.get("offer_currency"))
    name = one_line(as_text(item.get("username")))
    return item_listing(
        page,
        "marketplace",
        number,
        f"{SHOP}/offer/{quote(number)}",
        as_text(item.get("title")),
        texts=(rich_text(as_text(item.get("description"))), _least(item)),
        handles=seller(NAME, name or as_text(item.get("seller_id")), f"{SHOP}/{quote(name)}" if name else None),
        prices=(
            stated_price(item.get("converted_unit_price"), shown),
            stated_price(item.get("unit_price"), own, name="unit_price") if own != shown else None,
        ),
        reach=Reach(stock=as_count(item.get("available_qty")), sales=as_count(item.get("total_completed_orders"))),
    )


def _currency(value: JsonValue) -> str | None:
    stated = as_text(value).upper()
    return stated if 3 <= len(stated) <= 5 and stated.isascii() and stated.isalpha() else None


def _least(item: dict[str, JsonValue]) -> str:
    least = as_count(item.get("min_qty"))
    return f"min_qty {least}" if least is not None and least > 1 else ""


def recognise(page: Page) -> Recognition | None:
    """By its host and its answers."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    host = host_of(page)
    if host == "g2g.com" or host.endswith(".g2g.com"):
        yield Mark(ADDRESS, 0.9, f"host {host}")
    if carries(page, b'"offer_id"', b'"converted_unit_price"', b'"payload"'):
        yield Mark(ANSWER, 0.5, "shape of its offers")


FAMILY = Family(
    name=NAME, software="G2G", platform="marketplace", read=read, first_requests=first_requests, recognise=recognise
)
