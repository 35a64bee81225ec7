"""Taobao and Tmall, from what a person saved while logged in: search results and items with their options.

Nothing is asked for: a stranger gets a login page, so its pages are imported. Prices are in CNY.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawlers.families._html import attribute, load_html, text_of
from crawlers.families._json import (
    JsonError,
    JsonValue,
    as_array,
    as_count,
    as_object,
    as_text,
    load_json,
    look_up,
)
from crawlers.families._mtop import (
    MtopAnswer,
    asked_item,
    is_markup,
    is_of,
    mtop_answer,
    path_of,
    people_count,
    refusal,
    small_refusal,
    want_count,
    web_address,
    yuan,
)
from crawlers.families._recognition import ADDRESS, ANSWER, MARKUP, Mark, carries, recognition
from crawlers.families._shop import MOST_ITEMS, NO_REACH, item_listing, items_reading, rich_text, seller
from crawlers.families._state import not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "taobao"
ITEM = "https://item.taobao.com/item.htm?id="
MARKETPLACE = "marketplace"
MOST_OPTIONS = 50
_APIS = ("wirelessrecommend.recommend", "wsearch.appsearch", "taobao.pcdetail.data.get", "taobao.detail.getdetail")
_SHAPES = (b'"itemsArray"', b'"skuBase"', b'"skuCore"', b'"raw_title"', b'"realSales"')
_ID_IN_ADDRESS = re.compile(r"[?&](?:id|itemId)=(\d{1,20})(?!\d)")
_CARD = re.compile(r"item_id_(\d{1,20})")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """Nothing: its pages are imported."""
    return ()


_EXPECTED = Expected("any", ('"itemsarray"', '"skubase"', '"auctionurl"', '"raw_title"', '"item_id"', 'id="item_id_'))


@reads(_EXPECTED, own=small_refusal)
def read(page: Page) -> Reading:
    """Results of a search, or one item; from the gateway's answers or from the page that shows them."""
    if is_markup(page):
        return _read_markup(page)
    answer = mtop_answer(page)
    return refusal(page, answer) or _read_answer(page, answer)


def _read_answer(page: Page, answer: MtopAnswer) -> Reading:
    data = as_object(answer.data)
    if "item" in data and ("skuBase" in data or "seller" in data or "apiStack" in data):
        return items_reading([_item(page, data)], "no item")
    rows = _rows(answer.data)
    if rows is None:
        return not_understood("neither results nor an item: Taobao's answers may have changed")
    return items_reading([_result(page, as_object(row)) for row in rows[:MOST_ITEMS]], "the search found nothing")


def _rows(data: JsonValue) -> list[JsonValue] | None:
    """The results, which lie in one list, or in several under `result`."""
    if isinstance(data, list):
        return data
    known = as_object(data)
    for name in ("itemsArray", "items", "itemList", "auctions"):
        if isinstance(known.get(name), list):
            return as_array(known[name])
    result = known.get("result")
    groups = result if isinstance(result, list) else [result] if isinstance(result, dict) else []
    found = [rows for group in groups[:50] if (rows := _rows(group)) is not None and isinstance(group, dict)]
    return [row for rows in found for row in rows] if found else None


def _result(page: Page, row: dict[str, JsonValue]) -> Listing | None:
    address = as_text(row.get("auctionURL")) or as_text(row.get("detail_url")) or as_text(row.get("url"))
    in_address = _ID_IN_ADDRESS.search(address[:4_000])
    shop = as_object(row.get("shopInfo"))
    number = _first(row, "item_id", "itemId", "nid", "auctionId", "id")
    return _listing(
        page,
        number if number.isdigit() else in_address.group(1) if in_address else number,
        _first(row, "title", "raw_title", "name"),
        texts=(_first(row, "subTitle", "procity", "item_loc"),),
        name=_first(row, "nick", "sellerNick", "shopName", "shopTitle") or as_text(shop.get("title")),
        prices=(
            next((price for key in _PRICES if (price := yuan(row.get(key))) is not None), None),
            yuan(row.get("originalPrice") or row.get("reserve_price"), old=True),
        ),
        reach=Reach(sales=next((n for key in _SALES if (n := want_count(row.get(key))) is not None), None)),
        images=(_first(row, "pic_path", "picUrl", "pic_url", "img"),),
    )


_PRICES = ("priceShow", "price", "view_price", "priceWap", "salePrice", "priceInfo")
_SALES = ("realSales", "view_sales", "sales", "sold", "tradeCount")


def _item(page: Page, data: dict[str, JsonValue]) -> Listing | None:
    """An item: what stands in the answer, or within it as JSON in a text (`apiStack`)."""
    stacked = _stacked(data)
    item, owner = as_object(data.get("item")), as_object(data.get("seller"))
    parts = as_object(data.get("componentsVO"))
    price = look_up(parts, "priceVO", "extraPrice") or look_up(parts, "priceVO", "price") or _price_of(stacked)
    core = as_object(look_up(data, "skuCore", "sku2info")) or as_object(look_up(stacked, "skuCore", "sku2info"))
    return _listing(
        page,
        as_text(item.get("itemId")) or asked_item(page),
        as_text(item.get("title")) or as_text(look_up(parts, "titleVO", "title", "title")),
        texts=(as_text(item.get("subtitle")), _properties(data)),
        name=_first(owner, "sellerNick", "shopName", "shopTitle"),
        prices=(yuan(price), *_options(data, core)),
        reach=Reach(
            stock=as_count(look_up(core, "0", "quantity")),
            sales=want_count(item.get("vagueSellCount")) or want_count(item.get("sellCount")),
        ),
        images=tuple(as_array(item.get("images"))[:10]),
    )


def _stacked(data: dict[str, JsonValue]) -> JsonValue:
    value = as_text(look_up(data, "apiStack", 0, "value"))
    try:
        return load_json(value) if value else None
    except JsonError:
        return None


def _price_of(stacked: JsonValue) -> JsonValue:
    return look_up(stacked, "price", "price")


def _options(data: dict[str, JsonValue], core: dict[str, JsonValue]) -> Iterator[PriceField | None]:
    """Each option's own price, named as the page names the option."""
    names = {
        f"{as_text(as_object(group).get('pid'))}:{as_text(as_object(value).get('vid'))}": one_line(
            as_text(as_object(value).get("name"))
        )
        for group in as_array(look_up(data, "skuBase", "props"))[:10]
        for value in as_array(as_object(group).get("values"))[:200]
    }
    for sku in as_array(look_up(data, "skuBase", "skus"))[:MOST_OPTIONS]:
        path = as_text(as_object(sku).get("propPath"))
        name = " ".join(names[step] for step in path.split(";")[:10] if names.get(step))[:200]
        info = as_object(core.get(as_text(as_object(sku).get("skuId"))))
        price = info.get("subPrice") or info.get("price")
        if name and price:
            yield yuan(price, name=name)


def _properties(data: dict[str, JsonValue]) -> str:
    infos = as_array(look_up(data, "componentsVO", "extensionInfoVO", "infos"))[:10]
    entries = [as_object(entry) for info in infos for entry in as_array(as_object(info).get("items"))[:40]]
    lines = []
    for entry in entries:
        title, said = one_line(as_text(entry.get("title"))), ", ".join(map(as_text, as_array(entry.get("text"))[:10]))
        if title and said:
            lines.append(f"{title}: {said}")
    return "\n".join(lines)


def _listing(
    page: Page,
    number: str,
    title: str,
    *,
    texts: tuple[str, ...],
    name: str,
    prices: tuple[PriceField | None, ...],
    reach: Reach = NO_REACH,
    images: tuple[JsonValue, ...] = (),
) -> Listing | None:
    known = one_line(number)
    return item_listing(
        page,
        MARKETPLACE,
        known,
        f"{ITEM}{known}" if known.isascii() and known.isdigit() else "",
        rich_text(title),
        texts=texts,
        handles=seller(NAME, name),
        prices=prices,
        reach=reach,
        language="zh",
        images=(web_address(image) for image in images),
    )


def _first(row: dict[str, JsonValue], *names: str) -> str:
    return next((text for name in names if (text := one_line(as_text(row.get(name))))), "")


@dataclass(slots=True)
class _Shown:
    """What a card of the page shows, gathered in the order of the document."""

    number: str
    title: str = ""
    price: str = ""
    sales: str = ""
    shop: str = ""
    texts: list[str] = field(default_factory=list)
    image: str = ""

    def take(self, element: HtmlElement, classes: str) -> None:
        """Take what this element holds; class names have a changing end, and count by their beginning."""
        if "title--title" in classes:
            self.title = self.title or text_of(element).replace("\n", " ")
        elif "price--priceint" in classes:
            self.price = self.price or text_of(element)
        elif "price--pricefloat" in classes and "." not in self.price:
            self.price += text_of(element)
        elif "price--realsales" in classes:
            self.sales = self.sales or text_of(element)
        elif "shopinfo--shopnametext" in classes:
            self.shop = self.shop or text_of(element)
        elif "mainpic--mainpic--" in classes:
            self.image = self.image or attribute(element, "src")


def _read_markup(page: Page) -> Reading:
    cards = list(_shown_cards(load_html(page)))[:MOST_ITEMS]
    if cards:
        return items_reading([_shown(page, card) for card in cards], "no result")
    if carries(page, "亲，请登录".encode()) or carries(page, b"login.taobao.com/member/login"):
        return Reading(ReadingState.LOGIN_REQUIRED, "the page wants a login and shows no item")
    return not_understood("a page without items: save it when its scripts have filled it, or as HAR")


def _shown_cards(document: HtmlElement) -> Iterator[_Shown]:
    """The cards. A shop's link lies within its card's link, which HTML does not allow: parsers part the two."""
    card: _Shown | None = None
    for element in document.iter():
        started = _CARD.fullmatch(attribute(element, "id")) if element.tag == "a" else None
        if started is not None:
            if card is not None:
                yield card
            card = _Shown(started.group(1))
        elif card is not None:
            card.take(element, attribute(element, "class").lower())
    if card is not None:
        yield card


def _shown(page: Page, card: _Shown) -> Listing | None:
    return _listing(
        page,
        card.number,
        card.title,
        texts=(),
        name=card.shop,
        prices=(yuan(card.price),),
        reach=Reach(sales=people_count(card.sales)),
        images=(card.image,),
    )


def recognise(page: Page) -> Recognition | None:
    """By its answers, or by a page that shows results; a page of scripts alone holds nothing to read."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if is_markup(page):
        if carries(page, b'id="item_id_'):
            yield Mark(MARKUP, 0.5, "cards of its results")
            if is_of(page, "taobao.com", "tmall.com"):
                yield Mark(ADDRESS, 0.9, "its host")
        return
    named = any(api in path_of(page) or api.encode() in page.body[:2_000] for api in _APIS)
    shaped = any(shape in page.body for shape in _SHAPES) and b"title" in page.body
    if named:
        yield Mark(ADDRESS, 0.9, "one of its interfaces")
    if shaped or (named and b'"ret"' in page.body[:4_096]):
        yield Mark(ANSWER, 0.5, "shape of its answers")
    elif b"mtopjsonp" in page.body[:100] and b'"items"' in page.body:
        yield Mark(ANSWER, 0.4, "a call of the gateway with items")


FAMILY = Family(
    name=NAME,
    software="Taobao",
    platform=MARKETPLACE,
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
