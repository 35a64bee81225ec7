"""kamiFaka, a card shop: its front page's list of items in one answer, and one item's detail. Prices are in CNY."""

from collections.abc import Iterator
from urllib.parse import quote

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text
from crawlers.families._recognition import ANSWER, MARKUP, Mark, carries, recognition
from crawlers.families._shop import (
    CARD_SHOP,
    item_listing,
    items_reading,
    picture,
    place_of,
    rich_text,
    shop_owner,
    site_of,
    stated_price,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "kamifaka"
LIST_PATH = "/api/v2/theme_list"
DETAIL_PATH = "/api/v2/detail"
CURRENCY = "CNY"
MOST_WHOLESALE = 10


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The one list of each shop, and the detail of each of `products`."""
    roots = list(dict.fromkeys(site_root(url) for url in source.start_urls))
    details = [
        FurtherRequest(f"{root}{DETAIL_PATH}/{quote(number)}")
        for root in roots
        for number in source.options.get("products", ())
    ]
    return (*(FurtherRequest(f"{root}{LIST_PATH}") for root in roots), *details)


@reads(Expected("json", ('"prod_id"', '"shops"')))
def read(page: Page) -> Reading:
    """The list of items, flat or by category, or one item."""
    answer = as_object(json_of(page))
    number = _number_in(page)
    if number and ("name" not in answer and "price" not in answer):
        said = one_line(as_text(answer.get("msg")) or as_text(answer.get("error")))
        if any(word in said.lower() for word in ("not found", "不存在", "下架")):
            return gone(f"the shop says: {said[:100]}", number)
    if "price" in answer and ("name" in answer or "prod_id" in answer):
        return items_reading([_listing(page, answer, number)], "no item")
    if "shops" in answer or "shops2" in answer:
        return items_reading([_listing(page, item) for item in _items(answer)], "the shop lists no items")
    return not_understood("no list of items of kamiFaka: its layout may have changed")


def _items(answer: dict[str, JsonValue]) -> list[JsonValue]:
    flat = as_array(answer.get("shops2"))
    if flat:
        return flat
    groups = as_array(answer.get("shops"))
    return [item for group in groups for item in (as_array(as_object(group).get("shops")) or [group])]


def _number_in(page: Page) -> str:
    head, _slash, number = place_of(page.snapshot.url_asked)[1].rpartition("/")
    return number if head.endswith("/detail") and number.isascii() and number.isdigit() else ""


def _listing(page: Page, value: JsonValue, number: str = "") -> Listing | None:
    item = as_object(value)
    key = as_text(item.get("prod_id")) or as_text(item.get("id")) or number
    if not key or "price" not in item:
        return None
    root = site_of(page)
    return item_listing(
        page,
        CARD_SHOP,
        key,
        f"{root}/#/detail/{quote(key)}" if root else page.snapshot.url_answered,
        as_text(item.get("name")),
        texts=(
            rich_text(as_text(item.get("discription")) or as_text(item.get("description"))),
            one_line(as_text(item.get("cag_name"))),
            one_line(as_text(item.get("tag")).replace("|", ", ")),
            "" if as_count(item.get("stock")) is not None else one_line(as_text(item.get("stock"))),
        ),
        handles=shop_owner(page),
        prices=_prices(item),
        reach=Reach(stock=as_count(item.get("stock")), sales=as_count(item.get("sales"))),
        images=(picture(item.get("img_url"), f"{root}/"),) if root else (),
    )


def _prices(item: dict[str, JsonValue]) -> Iterator[PriceField | None]:
    """The price, and `price_wholesale` ("9#8,7" beside "10,100") named as it stands."""
    yield stated_price(item.get("price"), CURRENCY)
    wholesale = as_text(item.get("price_wholesale")).partition("#")[2]
    for price in [part for part in wholesale.split(",") if part.strip()][:MOST_WHOLESALE]:
        yield stated_price(price.strip(), CURRENCY, name="price_wholesale")


def recognise(page: Page) -> Recognition | None:
    """By its page's own words, its files and its answers."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, b"kamifaka-frontend doesn't work properly"):
        yield Mark(MARKUP, 0.8, "its page without scripts names kamifaka-frontend")
    if carries(page, b"/static/user/js/"):
        yield Mark(MARKUP, 0.2, "files under /static/user/js/")
    if carries(page, b'"shops2"', b'"prod_id"', b'"cag_name"'):
        yield Mark(ANSWER, 0.5, "shape of its list")
    if place_of(page.snapshot.url_answered)[1] == LIST_PATH:
        yield Mark(ANSWER, 0.3, f"answers at {LIST_PATH}")


FAMILY = Family(
    name=NAME, software="kamiFaka", platform=CARD_SHOP, read=read, first_requests=first_requests, recognise=recognise
)
