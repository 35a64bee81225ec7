"""Hosted card shops that answer at `/shopApi/`: many sellers on one host, each with a token. Prices are in CNY.

Their gateways answer HTML or a bare "denied" where they refuse: the crawl stops there, and nothing is ever solved.
"""

import json
from collections.abc import Iterator
from urllib.parse import quote

from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonValue, as_count, as_decimal, as_object, as_text
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._recognition import ANSWER, MARKUP, Mark, carries, recognition
from crawlers.families._shop import (
    CARD_SHOP,
    error_reading,
    host_of,
    item_listing,
    items_reading,
    place_of,
    rich_text,
    seller,
    site_of,
    stated_price,
    total_of,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Handle, Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "shop_api"
LIST_PATH = "/shopApi/Shop/goodsList"
CURRENCY = "CNY"
PAGE_SIZE = 50
_JSON_HEADERS = {"content-type": "application/json"}


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The list of goods of each shop that a start URL names (`https://host/shop/<token>`), for each of `queries`."""
    shops = [(site_root(url), token) for url in source.start_urls if (token := token_in(url))]
    pages = page_bound(source, 3)
    return tuple(
        _list_request(root, token, query, 1, pages - 1)
        for root, token in dict.fromkeys(shops)
        for query in source.options.get("queries", ("",))
    )


def token_in(url: str) -> str:
    """The shop's token in `/shop/<token>`, or an empty string."""
    steps = [step for step in place_of(url)[1].split("/") if step]
    return steps[1][:100] if len(steps) >= 2 and steps[0] == "shop" else ""


def _list_request(root: str, token: str, query: str, number: int, left: int) -> FurtherRequest:
    asked = {"token": token, "keywords": query, "category_id": 0, "goods_type": "card"}
    body = json.dumps({**asked, "current": number, "pageSize": PAGE_SIZE}, ensure_ascii=False)
    context = {"token": token, "query": query, "number": str(number), "pages_left": str(left)}
    return FurtherRequest(f"{root}{LIST_PATH}", context, _JSON_HEADERS, body)


def _own_refusal(page: Page) -> Reading | None:
    """HTML or a bare word of the gateway where the interface was asked: a refusal, whatever its status."""
    body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if page.snapshot.status == 429 or b"denied by http_ratelimit" in body[:500]:
        return None if page.snapshot.status == 429 else Reading(ReadingState.RATE_LIMITED, "denied by http_ratelimit")
    if body.startswith(b"<") and "/shopApi/" in page.snapshot.url_asked:
        return Reading(ReadingState.BLOCKED, "a page of the gateway where the shop's interface was asked")
    return None


@reads(Expected("json", ('"goods_key"',)), own=_own_refusal)
def read(page: Page) -> Reading:
    """A page of a shop's goods."""
    answer = as_object(json_of(page))
    code, data = answer.get("code"), as_object(answer.get("data"))
    if code != 1:
        return _refused(page, code, as_text(answer.get("msg")))
    goods = data.get("list")
    if not isinstance(goods, list):
        return not_understood("no list of goods: the interface may have changed")
    further = _next_page(page, data, len(goods))
    return items_reading([_listing(page, item) for item in goods], "the shop lists no goods", further=further)


def _next_page(page: Page, data: dict[str, JsonValue], shown: int) -> tuple[FurtherRequest, ...]:
    context = page.snapshot.context
    number, left = as_count(context.get("number")) or 1, pages_left_in(page)
    token, root = context.get("token", ""), site_of(page)
    if not (left and shown and token and root) or number * PAGE_SIZE >= total_of(data, "total"):
        return ()
    return (_list_request(root, token, context.get("query", ""), number + 1, left - 1),)


def _refused(page: Page, code: JsonValue, message: str) -> Reading:
    token = page.snapshot.context.get("token", "")
    if token and any(word in message for word in ("店铺不存在", "店铺已关闭", "店铺已被")):
        return gone(f"the host says of the shop: {one_line(message)[:100]}", f"shop/{token}")
    if "登录" in message:
        return Reading(ReadingState.LOGIN_REQUIRED, f"the host says: {one_line(message)[:100]}")
    return error_reading(page, code, message)


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    key = one_line(as_text(item.get("goods_key")))[:100]
    if not key or "price" not in item:
        return None
    root = site_of(page)
    own = absolute_url(as_text(item.get("link")), root or "http://")
    extend = as_object(item.get("extend"))
    return item_listing(
        page,
        CARD_SHOP,
        key,
        own or (f"{root}/item/{quote(key)}" if root else page.snapshot.url_answered),
        as_text(item.get("name")),
        texts=(
            rich_text(as_text(item.get("description"))),
            one_line(as_text(as_object(item.get("category")).get("name"))),
        ),
        handles=_seller(page, item),
        prices=_prices(item),
        reach=Reach(stock=as_count(extend.get("stock_count")), sales=as_count(extend.get("sell_count"))),
    )


def _prices(item: dict[str, JsonValue]) -> Iterator[PriceField | None]:
    """The price; the market price is a former one where it is higher; what is really paid where it is said apart."""
    price, market = as_decimal(item.get("price")), as_decimal(item.get("market_price"))
    yield stated_price(item.get("price"), CURRENCY)
    if as_text(item.get("real_price")) not in ("", as_text(item.get("price"))):
        yield stated_price(item.get("real_price"), CURRENCY, name="real_price")
    if price is not None and market is not None and market > price:
        yield stated_price(item.get("market_price"), CURRENCY, name="market_price", old=True)


def _seller(page: Page, item: dict[str, JsonValue]) -> tuple[Handle, ...]:
    """The shop on its host by its token; the name a seller gives himself changes too easily."""
    token = page.snapshot.context.get("token", "") or one_line(as_text(as_object(item.get("user")).get("token")))
    host, root = host_of(page), site_of(page)
    return seller(NAME, f"{host}/{token}", f"{root}/shop/{quote(token)}") if token and root else ()


def recognise(page: Page) -> Recognition | None:
    """By its interface's place and answers, and by its page."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if place_of(page.snapshot.url_answered)[1].startswith("/shopApi/"):
        yield Mark(ANSWER, 0.5, "answers at /shopApi/")
    if carries(page, b'"goods_key"', b'"goods_type"', b'"extend"'):
        yield Mark(ANSWER, 0.5, "shape of its goods")
    if carries(page, b"/shopApi/") and page.body.lstrip()[:1] == b"<":
        yield Mark(MARKUP, 0.4, "its page asks /shopApi/")


FAMILY = Family(
    name=NAME,
    software="hosted ShopApi card shop",
    platform=CARD_SHOP,
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
