"""Goofish (闲鱼), from what a person saved while logged in: search results, items, and what a seller has on offer.

Nothing is asked for: the site shows nothing without a login, so its pages are imported. Prices are in CNY.
"""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from crawlers.families._html import attribute, find_all, find_first, load_html, text_of
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text, look_up
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
    web_address,
    yuan,
)
from crawlers.families._recognition import ADDRESS, ANSWER, MARKUP, Mark, carries, recognition
from crawlers.families._shop import MOST_ITEMS, NO_REACH, item_listing, items_reading, rich_text, seller
from crawlers.families._state import empty, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_epoch
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "goofish"
SITE = "https://www.goofish.com"
MARKETPLACE = "marketplace"
_ON_SALE = ("", "0")
_APIS = ("idlemtopsearch", "idle.pc.detail", "idle.web.xyh.item.list", "idlehome.home.webpc.feed")
_SHAPES = (b'"exContent"', b'"cardData"', b'"itemDO"', b'"idleItemSearch')


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """Nothing: its pages are imported."""
    return ()


_EXPECTED = Expected(
    "any", ('"excontent"', '"carddata"', '"itemdo"', '"resultlist"', "feeds-item-wrap", "item-user-info")
)


@reads(_EXPECTED, own=small_refusal)
def read(page: Page) -> Reading:
    """Results of a search, a seller's items, or one item; from the gateway's answers or the page that shows them."""
    if is_markup(page):
        return _read_markup(page)
    answer = mtop_answer(page)
    return refusal(page, answer) or _read_answer(page, answer)


def _read_answer(page: Page, answer: MtopAnswer) -> Reading:
    data = as_object(answer.data)
    if "itemDO" in data:
        return items_reading([_item(page, data)], "no item")
    rows = answer.data if isinstance(answer.data, list) else data.get("resultList", data.get("cardList"))
    if not isinstance(rows, list):
        return not_understood("neither results nor items nor an item: Goofish's answers may have changed")
    listings: list[Listing | None] = []
    sold: list[str] = []
    for row in rows[:MOST_ITEMS]:
        card = as_object(as_object(row).get("cardData"))
        if card and as_text(card.get("itemStatus")) not in _ON_SALE:
            sold.append(one_line(as_text(card.get("id")) or as_text(look_up(card, "detailParams", "itemId"))))
        else:
            listings.append(_card(page, card) if card else _result(page, as_object(row)))
    if sold and not listings:
        return Reading(ReadingState.EMPTY, "every item is sold", gone_ids=tuple(filter(None, sold)))
    reading = items_reading(listings, "the search found nothing")
    return Reading(
        reading.state, reading.reason, reading.listings, gone_ids=tuple(filter(None, sold)), problems=reading.problems
    )


def _result(page: Page, row: dict[str, JsonValue]) -> Listing | None:
    """A search's result: its fields lie at several depths, or flat."""
    outer = as_object(row.get("data")) or row
    main = as_object(look_up(outer, "item", "main")) or as_object(outer.get("main")) or outer
    said = as_object(main.get("exContent")) or main
    shown = as_object(said.get("detailParams"))
    args = as_object(look_up(main, "clickParam", "args"))
    number = next(
        (
            text
            for value in (said.get("itemId"), args.get("item_id"), shown.get("itemId"), said.get("id"))
            if (text := as_text(value))
        ),
        _number_in(as_text(main.get("targetUrl"))),
    )
    price = yuan(said.get("price"))
    return _listing(
        page,
        number,
        as_text(said.get("title")) or as_text(shown.get("title")),
        texts=(_tags(said), as_text(said.get("area"))),
        name=as_text(said.get("userNickName")) or as_text(shown.get("userNick")),
        prices=(price or yuan(shown.get("soldPrice")), yuan(said.get("oriPrice"), old=True)),
        posted=args.get("publishTime"),
        images=(said.get("picUrl"), said.get("pic")),
    )


def _card(page: Page, card: dict[str, JsonValue]) -> Listing | None:
    """A row of a seller's items."""
    info = as_object(card.get("priceInfo"))
    return _listing(
        page,
        as_text(card.get("id")) or as_text(look_up(card, "detailParams", "itemId")),
        as_text(card.get("title")) or as_text(look_up(card, "detailParams", "title")),
        texts=(),
        name=as_text(look_up(card, "detailParams", "userNick")),
        prices=(yuan(f"{as_text(info.get('preText'))}{as_text(info.get('price'))}"),),
        images=(look_up(card, "picInfo", "picUrl"),),
    )


def _item(page: Page, data: dict[str, JsonValue]) -> Listing | None:
    item, owner = as_object(data.get("itemDO")), as_object(data.get("sellerDO"))
    labels = [as_object(label) for label in as_array(item.get("itemLabelExtList"))[:20]]
    status = one_line(as_text(item.get("itemStatusStr")))
    sold = as_text(item.get("itemStatus")) not in _ON_SALE or status in ("卖掉了", "已售出", "已下架")
    who = as_text(owner.get("sellerId"))
    return _listing(
        page,
        as_text(item.get("itemId")) or asked_item(page),
        as_text(item.get("title")),
        texts=(
            rich_text(as_text(item.get("desc"))),
            "\n".join(f"{as_text(label.get('propertyText'))}: {as_text(label.get('text'))}" for label in labels),
            as_text(owner.get("publishCity")),
        ),
        name=as_text(owner.get("nick")),
        owner_url=f"{SITE}/personal?userId={who}" if who.isascii() and who.isdigit() else None,
        prices=(
            yuan(item.get("soldPrice")) or _unless_switch(item.get("defaultPrice")),
            yuan(item.get("originalPrice"), old=True),
        ),
        reach=Reach(stock=0 if sold else as_count(item.get("quantity")), views=as_count(item.get("browseCnt"))),
        posted=item.get("gmtCreate") or item.get("publishTime"),
        images=tuple(as_object(image).get("url") for image in as_array(item.get("imageInfos"))[:10]),
    )


def _unless_switch(value: JsonValue) -> PriceField | None:
    return None if isinstance(value, bool) else yuan(value)


def _listing(
    page: Page,
    number: str,
    title: str,
    *,
    texts: tuple[str, ...],
    name: str,
    prices: tuple[PriceField | None, ...],
    reach: Reach = NO_REACH,
    owner_url: str | None = None,
    posted: JsonValue = None,
    images: tuple[JsonValue, ...] = (),
) -> Listing | None:
    known = one_line(number)
    return item_listing(
        page,
        MARKETPLACE,
        known,
        f"{SITE}/item?id={known}" if known.isascii() and known.replace("-", "").isalnum() else "",
        rich_text(title),
        texts=texts,
        handles=seller(NAME, name, owner_url),
        prices=prices,
        reach=reach,
        posted_at=time_from_epoch(as_count(posted)),
        language="zh",
        images=(web_address(image) for image in images),
    )


def _tags(said: dict[str, JsonValue]) -> str:
    """What badges say (包邮, 验货宝), and not how many people want it, which changes by the hour."""
    tags = (
        one_line(as_text(look_up(tag, "data", "content")))
        for group in list(as_object(said.get("fishTags")).values())[:5]
        for tag in as_array(as_object(group).get("tagList"))[:10]
    )
    return ", ".join(tag for tag in tags if tag and people_count(tag) is None)


def _number_in(address: str) -> str:
    """The item's number in an address, web or app."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    number = (parse_qs(parts.query[:2_000]).get("id") or [""])[0]
    return number if number.isascii() and number.isdigit() else ""


def _read_markup(page: Page) -> Reading:
    document = load_html(page)
    # Where nothing was found, the page offers other things in their place: those are no results.
    in_their_place = set(find_all(document, '[class*="empty-feed-container"] a'))
    cards = [card for card in find_all(document, 'a[class*="feeds-item-wrap"]') if card not in in_their_place]
    if cards:
        return items_reading([_shown_card(page, card) for card in cards[:MOST_ITEMS]], "no result")
    description, number = find_first(document, '[class^="desc--"], [class*=" desc--"]'), asked_item(page)
    if description is not None and number:
        return items_reading([_shown_item(page, number, document)], "no item")
    if in_their_place or find_first(document, '[class*="empty-text-notfound"]') is not None:
        return empty("the search found nothing")
    if carries(page, b"passport.goofish.com") or carries(page, b"mini_login"):
        return Reading(ReadingState.LOGIN_REQUIRED, "the page shows its login window and no item")
    return not_understood("a page without items: save it when its scripts have filled it, or as HAR")


def _shown_card(page: Page, card: HtmlElement) -> Listing | None:
    title = find_first(card, '[class*="row1-wrap-title"]')
    whole = find_first(card, '[class*="number--"]')
    stated = text_of(whole) + text_of(find_first(card, '[class*="decimal--"]'))
    if not stated:
        stated = text_of(find_first(card, '[class*="price-wrap"], [class*="wrap-price"]')).partition("\n")[0]
    return _listing(
        page,
        _number_in(attribute(card, "href")),
        attribute(title, "title") or text_of(title) or text_of(find_first(card, '[class*="main-title"]')),
        texts=(),
        name=text_of(find_first(card, '[class*="seller-text--"]')),
        prices=(yuan(stated),),
        images=tuple(attribute(image, "src") or attribute(image, "data-src") for image in find_all(card, "img")[:3]),
    )


def _shown_item(page: Page, number: str, document: HtmlElement) -> Listing | None:
    def words(css: str) -> str:
        return text_of(find_first(document, css))

    said = words('[class^="desc--"], [class*=" desc--"]')
    return _listing(
        page,
        number,
        said.partition("\n")[0],
        texts=(said,),
        name=words('[class*="item-user-info-nick"]'),
        prices=(yuan(words('[class^="price--"], [class*=" price--"]')),),
    )


def recognise(page: Page) -> Recognition | None:
    """By its answers, or by a page of its host that shows items; a page of scripts alone holds nothing to read."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    shown = carries(page, b"feeds-item-wrap") or carries(page, b"item-user-info-nick")
    if is_markup(page):
        if shown:
            yield Mark(MARKUP, 0.5, "cards of its results")
            if is_of(page, "goofish.com"):
                yield Mark(ADDRESS, 0.9, "its host")
        return
    named = any(api in path_of(page) or api.encode() in page.body[:2_000] for api in _APIS)
    shaped = any(shape in page.body for shape in _SHAPES) and b"price" in page.body
    if named:
        yield Mark(ADDRESS, 0.9, "one of its interfaces")
    if shaped or (named and b'"ret"' in page.body[:4_096]):
        yield Mark(ANSWER, 0.5, "shape of its answers")


FAMILY = Family(
    name=NAME,
    software="Goofish",
    platform=MARKETPLACE,
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
