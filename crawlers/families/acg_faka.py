"""acg-faka, a card shop: the open interface that its own page loads its items from. Prices are in CNY.

An unknown address answers 200 with "页面没有找到"; a commodity that was taken down answers an error code with words.
"""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text
from crawlers.families._recognition import ANSWER, FAVICON, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._shop import (
    CARD_SHOP,
    error_reading,
    host_of,
    item_listing,
    items_reading,
    next_numbered,
    paged_request,
    picture,
    query_of,
    rich_text,
    seller,
    shop_owner,
    site_of,
    stated_price,
    total_of,
)
from crawlers.families._state import empty, gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Handle, Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "acg_faka"
LIST_PATH = "/user/api/index/commodity"
DETAIL_PATH = "/user/api/index/commodityDetail"
PAGE_SIZE = 100
CURRENCY = "CNY"
MOST_WHOLESALE = 10


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The list of each shop named by a start URL, once for each of `queries` (or whole), and its `commodities`."""
    roots = list(dict.fromkeys(site_root(url) for url in source.start_urls))
    lists = [
        paged_request(f"{root}{LIST_PATH}?{urlencode(_list_query(query))}", source, 5)
        for root in roots
        for query in source.options.get("queries", ("",))
    ]
    details = [
        FurtherRequest(f"{root}{DETAIL_PATH}?commodityId={quote(number)}")
        for root in roots
        for number in source.options.get("commodities", ())
    ]
    return (*lists, *details)


def _list_query(query: str) -> dict[str, str]:
    fixed = {"categoryId": "0", "page": "1", "limit": str(PAGE_SIZE)}
    return {**fixed, "keywords": query} if query else fixed


def _own_refusal(page: Page) -> Reading | None:
    if page.body.lstrip()[:1] == b"<" and carries(page, "页面没有找到".encode()):
        return not_understood("the shop has no such page, and says so with HTTP 200: its interface may stand elsewhere")
    if page.body.lstrip()[:1] == b"<" and head_of(page).title.startswith(("店铺已关闭", "Closed")):
        return Reading(ReadingState.BLOCKED, "the shop says that it is closed")
    return None


@reads(Expected("any", ('"stock_state"', "hack_route_table_columns")), own=_own_refusal)
def read(page: Page) -> Reading:
    """A page of items, one item in detail, categories, or the shop's own front page (which leads to its items)."""
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _front_page(page)
    answer = as_object(json_of(page))
    code, data = answer.get("code"), answer.get("data")
    if code != 200:
        return _refused(page, code, as_text(answer.get("msg")))
    if isinstance(data, dict) and "price" in data:
        return items_reading([_listing(page, data)], "no item")
    if isinstance(data, list):
        if data and not any("price" in as_object(item) for item in data):
            return empty("categories or ways to pay, and no items")
        size = as_count(query_of(page).get("limit")) or PAGE_SIZE
        further = next_numbered(page) if _more(page, answer, size) else ()
        return items_reading([_listing(page, item) for item in data], "the shop lists no items", further=further)
    return not_understood("neither a list of items nor an item of acg-faka: its layout may have changed")


def _front_page(page: Page) -> Reading:
    if not carries(page, b"HACK_ROUTE_TABLE_COLUMNS"):
        return not_understood("HTML that is no page of acg-faka where its interface was asked")
    root = site_of(page)
    further = (FurtherRequest(f"{root}{LIST_PATH}?{urlencode(_list_query(''))}"),) if root else ()
    return Reading(ReadingState.FRESH, "a page of the shop; its items are asked for next", further=further)


def _more(page: Page, answer: dict[str, JsonValue], size: int) -> bool:
    number = as_count(query_of(page).get("page")) or 1
    return bool(answer.get("data")) and number * size < total_of(answer, "total")


def _refused(page: Page, code: JsonValue, message: str) -> Reading:
    number = query_of(page).get("commodityId", "")
    if number and any(word in message for word in ("不存在", "已下架", "没有找到")):
        return gone(f"the shop says: {one_line(message)[:100]}", number)
    if "登录" in message:
        return Reading(ReadingState.LOGIN_REQUIRED, f"the shop says: {one_line(message)[:100]}")
    return error_reading(page, code, message)


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    number = as_text(item.get("id"))
    if "price" not in item or not number:
        return None
    root = site_of(page)
    shared = absolute_url(as_text(item.get("share_url")), root or "http://")
    category = one_line(as_text(as_object(item.get("category")).get("name")))
    tags = ", ".join(one_line(as_text(tag)) for tag in as_array(item.get("tags"))[:20] if as_text(tag))
    return item_listing(
        page,
        CARD_SHOP,
        number,
        shared or (f"{root}/item/{number}" if root else page.snapshot.url_answered),
        as_text(item.get("name")),
        texts=(rich_text(as_text(item.get("description"))), category, tags, _stock_words(item)),
        handles=_sellers(page, item),
        prices=_prices(item),
        reach=Reach(stock=_stock(item), sales=as_count(item.get("order_sold"))),
        images=(picture(item.get("cover"), root),) if root else (),
    )


def _prices(item: dict[str, JsonValue]) -> Iterator[PriceField | None]:
    """What a guest pays, what a member pays, and what many pieces cost each."""
    yield stated_price(item.get("price"), CURRENCY)
    if as_text(item.get("user_price")) != as_text(item.get("price")):
        yield stated_price(item.get("user_price"), CURRENCY, name="user_price")
    wholesale = as_object(as_object(item.get("config")).get("wholesale"))
    for quantity, price in list(wholesale.items())[:MOST_WHOLESALE]:
        yield stated_price(price, CURRENCY, name=f"wholesale {one_line(quantity)[:10]}:")


def _stock(item: dict[str, JsonValue]) -> int | None:
    return None if as_count(item.get("inventory_hidden")) else as_count(item.get("stock"))


def _stock_words(item: dict[str, JsonValue]) -> str:
    stock = item.get("stock")
    return one_line(stock)[:50] if isinstance(stock, str) and as_count(stock) is None else ""


def _sellers(page: Page, item: dict[str, JsonValue]) -> tuple[Handle, ...]:
    """The shop, or on a shop with several merchants the merchant."""
    owner = one_line(as_text(as_object(item.get("owner")).get("username")))
    host = host_of(page)
    return seller(CARD_SHOP, f"{owner}@{host}") if owner else shop_owner(page)


def recognise(page: Page) -> Recognition | None:
    """By its page's script variables, its versioned files, its answers and its favicon."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, b'setVar("HACK_ROUTE_TABLE_COLUMNS"'):
        yield Mark(MARKUP, 0.7, "script variable HACK_ROUTE_TABLE_COLUMNS")
    if carries(page, b'class="cdn-support"', b"/assets/user/"):
        yield Mark(MARKUP, 0.4, "files of class cdn-support")
    if head_of(page).title.endswith("异次元店铺"):
        yield Mark(MARKUP, 0.4, "its usual title")
    if carries(page, b'"user_price"', b'"delivery_way"', b'"stock_state"', b'"inventory_hidden"'):
        yield Mark(ANSWER, 0.5, "shape of its items")
    headers = page.snapshot.headers
    if headers.get("content-security-policy", "").startswith("frame-ancestors 'self'; object-src 'none'; base-uri"):
        yield Mark("header", 0.3, "its content security policy")
    if page.snapshot.context.get("favicon_mmh3") == "48729381":
        yield Mark(FAVICON, 0.6, "favicon")


FAMILY = Family(
    name=NAME, software="acg-faka", platform=CARD_SHOP, read=read, first_requests=first_requests, recognise=recognise
)
