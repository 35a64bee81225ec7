"""GGSel: its open interface of goods, and the goods that its pages hand to their scripts.

`price_wmr` is in roubles and `price_wmz` in US dollars; the first that is more than nothing is what a visitor is shown.
"""

import json
from collections.abc import Iterator, Mapping

from crawlers.families._html import site_root
from crawlers.families._json import (
    JsonError,
    JsonValue,
    as_array,
    as_count,
    as_decimal,
    as_object,
    as_text,
    load_json_at,
)
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._recognition import ADDRESS, ANSWER, MARKUP, Mark, carries, recognition
from crawlers.families._shop import (
    MOST_ITEMS,
    error_reading,
    host_of,
    item_listing,
    items_reading,
    place_of,
    rich_text,
    seller,
    site_of,
    stated_price,
)
from crawlers.families._state import empty, gone, json_of, not_understood, reads
from crawlers.families._text import decode_body, one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Handle, Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "ggsel"
API = "https://api4.ggsel.com"
SHOP = "https://ggsel.net"
LIST_PATH = "/elastic/goods/categories"
PAGE_SIZE = 60
MOST_SCRIPT = 4_000_000
MOST_OBJECT = 20_000
_JSON_HEADERS = {"content-type": "application/json"}


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """A search of the interface for each of `queries`, each of `goods` (their numbers), and each start URL with a path.

    A start URL without a path gives another root.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [API]
    left = page_bound(source, 2) - 1
    searches = [_search(root, query, 1, left) for root in roots for query in source.options.get("queries", ())]
    goods = [FurtherRequest(f"{root}/goods/{number}") for root in roots for number in source.options.get("goods", ())]
    pages = [FurtherRequest(url) for url in source.start_urls if place_of(url)[1].strip("/")]
    return (*searches, *goods, *pages)


def _search(root: str, query: str, number: int, left: int) -> FurtherRequest:
    asked = {"query_string": query, "limit": PAGE_SIZE, "page": number, "sort": "sortByPopularity"}
    body = json.dumps({**asked, "currency": "wmr", "lang": "ru", "search_after": []}, ensure_ascii=False)
    context = {"query": query, "number": str(number), "pages_left": str(left)}
    return FurtherRequest(f"{root}{LIST_PATH}", context, _JSON_HEADERS, body)


@reads(Expected("any", ('"id_goods"', '"digi_catalog"', "card-link")))
def read(page: Page) -> Reading:
    """A page of goods or one of the interface, or a page of the shop with its goods in a script."""
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        goods = [_listing(page, item) for item in _scripted_goods(page)]
        return items_reading(goods, "") if goods else _without_goods(page)
    answer = as_object(json_of(page))
    data = answer.get("data")
    if _says_gone(page, answer):
        return gone("the interface says that the goods are not found", _number_in(page))
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        items = as_array(data["items"])
        further = _next_page(page, data, len(items))
        return items_reading([_listing(page, item) for item in items], "the search found nothing", further=further)
    if isinstance(data, dict) and _number(data):
        return items_reading([_listing(page, data)], "no goods")
    if answer.get("success") is False or "error" in answer or "message" in answer:
        return error_reading(page, answer.get("code"), as_text(answer.get("message")) or as_text(answer.get("error")))
    return not_understood("neither goods nor a list of them: GGSel's interface may have changed")


def _says_gone(page: Page, answer: Mapping[str, JsonValue]) -> bool:
    said = f"{as_text(answer.get('message'))} {as_text(answer.get('error'))}".lower()
    return (
        bool(_number_in(page)) and page.snapshot.status in (404, 410) and ("not found" in said or "не найден" in said)
    )


def _without_goods(page: Page) -> Reading:
    if carries(page, b"__NUXT__") or carries(page, b"__NEXT_DATA__"):
        return empty("a page of the shop without goods in it")
    return not_understood("a page without goods: GGSel's layout may have changed")


def _next_page(page: Page, data: Mapping[str, JsonValue], shown: int) -> tuple[FurtherRequest, ...]:
    context, left, root = page.snapshot.context, pages_left_in(page), site_of(page)
    if not (left and root and shown >= PAGE_SIZE) and not (left and root and data.get("has_next") is True):
        return ()
    number = as_count(context.get("number")) or 1
    return (_search(root, context.get("query", ""), number + 1, left - 1),)


def _scripted_goods(page: Page) -> list[JsonValue]:
    """Every object with `id_goods` in the page's scripts, whichever framework has put it there."""
    text = decode_body(page.body, page.snapshot.headers.get("content-type", ""))[:MOST_SCRIPT]
    found: dict[str, JsonValue] = {}
    at = -1
    for _attempt in range(MOST_ITEMS):
        at = text.find('"id_goods"', at + 1)
        if at < 0:
            break
        item = _object_around(text, at)
        if number := _number(item):
            found.setdefault(number, item)
    return list(found.values())


def _object_around(text: str, at: int) -> dict[str, JsonValue]:
    """The object that a key stands in: the nearest brace before it that opens one with this key."""
    start = at
    for _brace in range(4):
        start = text.rfind("{", max(0, at - MOST_OBJECT), start)
        if start < 0:
            break
        try:
            item = as_object(load_json_at(text[start : start + MOST_OBJECT], 0))
        except JsonError:
            continue
        if "id_goods" in item:
            return item
    return {}


def _number(item: Mapping[str, JsonValue]) -> str:
    number = as_text(item.get("id_goods")) or as_text(item.get("id"))
    return number if number.isascii() and number.isdigit() else ""


def _number_in(page: Page) -> str:
    number = place_of(page.snapshot.url_asked)[1].rstrip("/").rpartition("/")[2].rpartition("-")[2]
    return number if number.isascii() and number.isdigit() else ""


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    number = _number(item)
    slug = as_text(item.get("url"))
    if not number or not ({"price_wmr", "price_wmz", "price"} & set(item)):
        return None
    path = slug if slug and all(character.isalnum() or character in "-_" for character in slug) else number
    texts = (rich_text(as_text(item.get("info"))), rich_text(as_text(item.get("description"))))
    return item_listing(
        page,
        "marketplace",
        number,
        f"{SHOP}/catalog/product/{path}",
        as_text(item.get("name")) or as_text(item.get("title")),
        texts=(*texts, _category(item)),
        handles=_seller(item),
        prices=_prices(item),
        reach=Reach(
            sales=as_count(item.get("cnt_sell")),
            reviews=as_count(item.get("cnt_good_responses") or item.get("reviews_count")),
            stock=0 if item.get("is_active") is False else None,
        ),
    )


def _category(item: Mapping[str, JsonValue]) -> str:
    category = item.get("category_name") or as_object(item.get("category")).get("name")
    return one_line(as_text(category))


def _prices(item: Mapping[str, JsonValue]) -> Iterator[PriceField | None]:
    """Roubles first, then dollars; a discount leaves the former price beside it."""
    yield stated_price(item.get("price_wmr"), "RUB")
    yield stated_price(item.get("price_wmz"), "USD")
    if "price" in item and "price_wmr" not in item:
        yield stated_price(item.get("price"), as_text(item.get("currency")).upper().replace("WMR", "RUB") or None)
    now, former = as_decimal(item.get("price_wmr")), as_decimal(item.get("price_wmr_without_discount"))
    if now is not None and former is not None and former > now:
        yield stated_price(item.get("price_wmr_without_discount"), "RUB", name="price_wmr_without_discount", old=True)


def _seller(item: Mapping[str, JsonValue]) -> tuple[Handle, ...]:
    number = as_text(item.get("id_seller"))
    return seller(NAME, as_text(item.get("seller_name")) or number, f"{SHOP}/sellers/{number}" if number else None)


def recognise(page: Page) -> Recognition | None:
    """By its hosts, its answers and its markup."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    host = host_of(page)
    if host in ("ggsel.net", "ggsel.com") or host.endswith((".ggsel.net", ".ggsel.com")):
        yield Mark(ADDRESS, 0.9, f"host {host}")
    if carries(page, b'"id_goods"', b'"price_wmr"', b'"cnt_sell"'):
        yield Mark(ANSWER, 0.5, "shape of its goods")
    if carries(page, b'data-testid="card-link"', b'data-testid="card-price"'):
        yield Mark(MARKUP, 0.4, "its cards")


FAMILY = Family(
    name=NAME, software="GGSel", platform="marketplace", read=read, first_requests=first_requests, recognise=recognise
)
