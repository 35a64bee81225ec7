"""dujiaoka (独角数卡), a card shop without an interface: its front page in its three themes, and the page of one item.

Items that are sold out lead nowhere in two of the themes and so have no id there: they are left out, never gone.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawlers.families._html import absolute_url, attribute, find_all, find_first, load_html, site_root, text_of
from crawlers.families._json import JsonError, JsonValue, as_array, as_count, as_object, as_text, load_json_at
from crawlers.families._money import price_field
from crawlers.families._recognition import FAVICON, FAVICON_CONTEXT, MARKUP, Mark, carries, recognition
from crawlers.families._shop import (
    CARD_SHOP,
    MOST_ITEMS,
    item_listing,
    items_reading,
    picture,
    place_of,
    rich_text,
    shop_owner,
    site_of,
    stated_price,
)
from crawlers.families._state import empty, gone, not_understood, reads
from crawlers.families._text import decode_body, one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "dujiaoka"
CURRENCY = "CNY"
MOST_CLIMB = 6
MOST_SCRIPT = 4_000_000

_BUY = re.compile(r"/buy/(\d{1,12})(?:[/?#]|$)")
_STOCK = re.compile(r"(?:库存|剩余|In stock|In Stock)\s{0,3}[：:(（]?\s{0,3}(\d{1,9})")
_PRICES = ".price b, .price strong, .card-text b, button strong, td b, .goods-price, .price, .card-text strong"
_TITLES = ".card-title, p.name, .goods-name, .goods-title, a.text-body, .name"
_CARD_CLASSES = frozenset({"card", "home-card", "goods-item", "goods-box", "product-pc", "product-sj"})
_SOFTWARE = ("独角数卡", "dujiaoka", "/assets/unicorn/", "/assets/hyper/", "/assets/luna/")
_GONE_WORDS = ("商品不存在", "已下架")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The front page of each shop, which lists everything, and each start URL that names an item."""
    named = [url if _BUY.search(url) else f"{site_root(url)}/" for url in source.start_urls]
    return tuple(FurtherRequest(url) for url in dict.fromkeys(named))


@reads(Expected("html", tuple(mark.lower() for mark in _SOFTWARE)))
def read(page: Page) -> Reading:
    """The items of a front page, or the one item of its own page."""
    document = load_html(page)
    asked = _BUY.search(place_of(page.snapshot.url_asked)[1])
    if asked:
        return _item_page(page, document, asked.group(1))
    listings = [_scripted(page, group, item) for group, item in _script_items(page)]
    listings = listings or [_card(page, number, card) for number, card in _cards(document)]
    if listings:
        return items_reading(listings, "the shop lists no items")
    if carries(page, b"/buy/"):
        return not_understood("addresses of items, but no item with a price: the theme may be another")
    if any(carries(page, mark.encode()) for mark in _SOFTWARE):
        return empty("the shop lists no items that can be bought")
    return not_understood("no page of dujiaoka: the software or its theme is another")


def _cards(document: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Each item's card: the smallest element around its link that holds a price and no other item's link."""
    seen: set[str] = set()
    for anchor in find_all(document, 'a[href*="/buy/"]')[: MOST_ITEMS * 3]:
        match = _BUY.search(attribute(anchor, "href"))
        if match is None or match.group(1) in seen or len(seen) >= MOST_ITEMS:
            continue
        card = _card_around(anchor)
        if card is not None:
            seen.add(match.group(1))
            yield match.group(1), card


def _card_around(anchor: HtmlElement) -> HtmlElement | None:
    element: HtmlElement | None = anchor
    for _step in range(MOST_CLIMB):
        if element is None or len(_ids_in(element)) > 1:
            return None
        if find_first(element, _PRICES) is not None:
            return _whole_card(element)
        element = element.getparent()
    return None


def _whole_card(element: HtmlElement) -> HtmlElement:
    """The card's body may stand within the card, which holds its picture and badge."""
    parent = element.getparent()
    framed = parent is not None and not _CARD_CLASSES.isdisjoint(attribute(parent, "class").split())
    return parent if framed and parent is not None and len(_ids_in(parent)) == 1 else element


def _ids_in(element: HtmlElement) -> set[str]:
    found = set()
    for anchor in element.iter("a"):
        if match := _BUY.search(anchor.get("href", "")):
            found.add(match.group(1))
            if len(found) > 1:
                break
    return found


def _card(page: Page, number: str, card: HtmlElement) -> Listing | None:
    pictures = find_all(card, "img")
    named = one_line(text_of(find_first(card, _TITLES)))
    title = named or next((name for image in pictures if (name := attribute(image, "alt"))), "")
    badges = (one_line(text_of(badge)) for badge in find_all(card, ".badge")[:5])
    root = site_of(page)
    return item_listing(
        page,
        CARD_SHOP,
        number,
        f"{root}/buy/{number}" if root else page.snapshot.url_answered,
        title,
        texts=(_without_icons(" ".join(badges)), "" if named else text_of(card)),
        handles=shop_owner(page),
        prices=(_shown_price(find_first(card, _PRICES)), *_crossed_out(card)),
        reach=Reach(stock=_stock(card)),
        images=(picture(attribute(image, "src"), root) for image in pictures) if root else (),
    )


def _shown_price(element: HtmlElement | None) -> PriceField | None:
    text = one_line(text_of(element))
    return price_field(text, currency=CURRENCY, decimal_mark=".") if text else None


def _crossed_out(element: HtmlElement) -> Iterator[PriceField]:
    for former in find_all(element, "del, s")[:1]:
        if text := one_line(text_of(former)):
            yield price_field(text, currency=CURRENCY, decimal_mark=".", old=True)


def _stock(card: HtmlElement) -> int | None:
    """`库存：35` in a card, or the cell of digits alone in a row of the table theme."""
    if match := _STOCK.search(text_of(card)[:5_000]):
        return int(match.group(1))
    cells = (as_count(one_line(text_of(cell))) for cell in card.iter("td"))
    return next((count for count in cells if count is not None), None)


def _without_icons(text: str) -> str:
    """Icon fonts stand in the private use area and say nothing."""
    return "".join(character for character in text if not "\ue000" <= character <= "\uf8ff").strip()


def _script_items(page: Page) -> Iterator[tuple[str, JsonValue]]:
    """The theme luna hands its items to a script as `goodsMsg = [...]`."""
    if not carries(page, b"goodsMsg"):
        return
    text = decode_body(page.body, page.snapshot.headers.get("content-type", ""))[:MOST_SCRIPT]
    start = text.find("[", text.find("goodsMsg"))
    if start < 0:
        return
    try:
        groups = as_array(load_json_at(text, start))
    except JsonError:
        return
    for group in map(as_object, groups[:200]):
        for item in as_array(group.get("goods"))[:MOST_ITEMS]:
            yield one_line(as_text(group.get("gp_name"))), item


def _scripted(page: Page, group: str, value: JsonValue) -> Listing | None:
    item = as_object(value)
    number, root = as_text(item.get("id")), site_of(page)
    return item_listing(
        page,
        CARD_SHOP,
        number if number.isdigit() else "",
        f"{root}/buy/{number}" if root else page.snapshot.url_answered,
        as_text(item.get("gd_name")),
        texts=(rich_text(as_text(item.get("gd_description"))), group),
        handles=shop_owner(page),
        prices=(
            stated_price(item.get("actual_price"), CURRENCY),
            stated_price(item.get("retail_price"), CURRENCY, name="retail_price", old=True),
        ),
        reach=Reach(stock=as_count(item.get("in_stock")), sales=as_count(item.get("sales_volume"))),
    )


def _item_page(page: Page, document: HtmlElement, number: str) -> Reading:
    said = one_line(text_of(find_first(document, ".err-message, .card-body, body")))[:500]
    form = find_first(document, "form input[name=gid], form input[name=pid]")
    if form is None:
        if any(word in said for word in _GONE_WORDS):
            return gone(f"the shop says: {said[:100]}", number)
        return not_understood("no order form where an item was asked for: the theme may be another")
    return items_reading([_item(page, document, number)], "no item")


def _item(page: Page, document: HtmlElement, number: str) -> Listing | None:
    title = one_line(text_of(find_first(document, "h3.card-title, form h3, .goods-name, h3")))
    prices = [price for price in _item_prices(document) if price.text]
    url = absolute_url(page.snapshot.url_answered, "") or page.snapshot.url_answered
    described = [text_of(body) for body in find_all(document, ".card-body, .buy-product, .scrollbar")[:10]]
    offered = [text_of(form) for form in find_all(document, "form")[:3]]
    about = [text for text in described if text and not any(offer in text for offer in offered if offer)]
    wholesale = text_of(find_first(document, ".sale, .alert"))
    return item_listing(
        page,
        CARD_SHOP,
        number,
        url,
        title,
        texts=(*about, _without_icons(wholesale)),
        handles=shop_owner(page),
        prices=prices,
        reach=Reach(stock=_stock(document)),
    )


def _item_prices(document: HtmlElement) -> Iterator[PriceField]:
    """The price of the order form ("价格：¥ 60.00"), and a former one that is crossed out."""
    for element in find_all(document, "form h6, form h3 span, .goods-price, .price")[:20]:
        text = one_line(text_of(element))
        if "¥" in text or "￥" in text or text.startswith(("价格", "Price")):
            yield price_field(text, currency=CURRENCY, decimal_mark=".")
            break
    yield from _crossed_out(document)


def recognise(page: Page) -> Recognition | None:
    """By the footer, the themes' files and the addresses of its items; `/favicon.ico` is an empty file."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, "@独角数卡".encode()):
        yield Mark(MARKUP, 0.7, "footer @独角数卡")
    for theme in (b"unicorn", b"hyper", b"luna"):
        if carries(page, b"/assets/" + theme + b"/"):
            yield Mark(MARKUP, 0.4, f"files of the theme {theme.decode()}")
    if _BUY.search(place_of(page.snapshot.url_answered)[1]) or carries(page, b"/buy/", b"order-search"):
        yield Mark(MARKUP, 0.3, "addresses /buy/N")
    if page.snapshot.context.get(FAVICON_CONTEXT) == "empty" and carries(page, b"/assets/"):
        yield Mark(FAVICON, 0.2, "a favicon without a byte")
    if "dujiaoka" in page.snapshot.headers.get("set-cookie", ""):
        yield Mark("header", 0.6, "cookie dujiaoka")


FAMILY = Family(
    name=NAME, software="dujiaoka", platform=CARD_SHOP, read=read, first_requests=first_requests, recognise=recognise
)
