"""ZFAKA, a card shop: the pages of items that its own front page asks for. Prices are in CNY."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_count, as_decimal, as_object, as_text
from crawlers.families._recognition import ANSWER, FAVICON, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._shop import (
    CARD_SHOP,
    error_reading,
    item_listing,
    items_reading,
    next_numbered,
    paged_request,
    picture,
    place_of,
    query_of,
    rich_text,
    shop_owner,
    site_of,
    stated_price,
    total_of,
)
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._time import time_from_epoch
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "zfaka"
LIST_PATH = "/product/get"
CURRENCY = "CNY"
PAGE_SIZE = 100


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The first page of items of each shop; `groups` asks for those groups (their numbers) alone."""
    roots = list(dict.fromkeys(site_root(url) for url in source.start_urls))
    return tuple(
        paged_request(f"{root}{LIST_PATH}?{urlencode({'tid': group, 'page': '1', 'limit': str(PAGE_SIZE)})}", source, 5)
        for root in roots
        for group in source.options.get("groups", ("",))
    )


@reads(Expected("json", ('"price_ori"', '"count"')))
def read(page: Page) -> Reading:
    """A page of items; one that the shop has marked as deleted is gone."""
    answer = as_object(json_of(page))
    code, data, said = answer.get("code"), answer.get("data"), as_text(answer.get("msg"))
    if code != 0:
        return empty("the shop says that it has nothing") if "无数据" in said else error_reading(page, code, said)
    if not isinstance(data, list):
        return empty("the shop lists no items") if as_count(answer.get("count")) == 0 else _unknown()
    if data and not any("price" in as_object(item) for item in data):
        return empty("groups, and no items")
    deleted = [as_text(as_object(item).get("id")) for item in data if as_count(as_object(item).get("isdelete"))]
    shown = [item for item in data if not as_count(as_object(item).get("isdelete"))]
    further = next_numbered(page) if data and _more(page, answer) else ()
    reading = items_reading([_listing(page, item) for item in shown], "the shop lists no items", further=further)
    return Reading(
        reading.state,
        reading.reason,
        reading.listings,
        reading.further,
        gone_ids=tuple(number for number in deleted if number),
        problems=reading.problems,
    )


def _unknown() -> Reading:
    return not_understood("no list of items of ZFAKA: its layout may have changed")


def _more(page: Page, answer: dict[str, JsonValue]) -> bool:
    size = as_count(query_of(page).get("limit")) or PAGE_SIZE
    return (as_count(query_of(page).get("page")) or 1) * size < total_of(answer, "count")


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    key, root = as_text(item.get("id")), site_of(page)
    if not key or "price" not in item:
        return None
    counted = as_count(item.get("stockcontrol"))
    return item_listing(
        page,
        CARD_SHOP,
        key,
        f"{root}/product/detail/?pid={quote(key)}" if root else page.snapshot.url_answered,
        as_text(item.get("name")),
        texts=(rich_text(as_text(item.get("description"))),),
        handles=shop_owner(page),
        prices=_prices(item),
        reach=Reach(stock=as_count(item.get("qty")) if counted else None, sales=as_count(item.get("qty_sell"))),
        posted_at=time_from_epoch(as_decimal(item.get("addtime"))),
        images=(picture(item.get("imgurl"), root),) if root else (),
    )


def _prices(item: dict[str, JsonValue]) -> Iterator[PriceField | None]:
    yield stated_price(item.get("price"), CURRENCY)
    price, former = as_decimal(item.get("price")), as_decimal(item.get("price_ori"))
    if price is not None and former is not None and former > price:
        yield stated_price(item.get("price_ori"), CURRENCY, name="price_ori", old=True)


def recognise(page: Page) -> Recognition | None:
    """By its page's head and body, its answers and its favicon."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    head = head_of(page)
    if head.author == "资料空白" or "ZFAKA" in head.keywords:
        yield Mark(MARKUP, 0.7, "its page's author and keywords")
    if carries(page, b'id="zlkbbody"'):
        yield Mark(MARKUP, 0.6, "body zlkbbody")
    if carries(page, b'"price_ori"', b'"stockcontrol"', b'"typeid"'):
        yield Mark(ANSWER, 0.5, "shape of its items")
    if place_of(page.snapshot.url_answered)[1].rstrip("/") == LIST_PATH:
        yield Mark(ANSWER, 0.2, f"answers at {LIST_PATH}")
    if page.snapshot.context.get("favicon_mmh3") == "804474102":
        yield Mark(FAVICON, 0.6, "favicon")


FAMILY = Family(
    name=NAME, software="ZFAKA", platform=CARD_SHOP, read=read, first_requests=first_requests, recognise=recognise
)
