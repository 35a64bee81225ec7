"""WooCommerce's Store API: prices are whole numbers of the currency's smallest unit."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonError, JsonValue, as_array, as_count, as_object, as_text, load_json, look_up
from crawlers.families._money import minor_units
from crawlers.families._recognition import ANSWER, HEADER, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._shop import (
    host_of,
    item_listing,
    items_reading,
    next_numbered,
    paged_request,
    picture,
    place_of,
    query_of,
    rich_text,
    seller,
    site_of,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.money import CurrencyError, Money
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "woocommerce"
PLATFORM = "shop"
PRODUCTS_PATH = "/wp-json/wc/store/v1/products"
PAGE_SIZE = 100


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The products of each shop named by a start URL, once for each of `queries` (or whole), and its `products`."""
    roots = list(dict.fromkeys(site_root(url) for url in source.start_urls))
    lists = [
        paged_request(f"{root}{PRODUCTS_PATH}?{urlencode(_list_query(query))}", source, 3)
        for root in roots
        for query in source.options.get("queries", ("",))
    ]
    items = [
        FurtherRequest(f"{root}{PRODUCTS_PATH}/{quote(number)}")
        for root in roots
        for number in source.options.get("products", ())
    ]
    return (*lists, *items)


def _list_query(query: str) -> dict[str, str]:
    fixed = {"per_page": str(PAGE_SIZE), "page": "1"}
    return {**fixed, "search": query} if query else fixed


def _own_refusal(page: Page) -> Reading | None:
    """WordPress refuses in JSON with a code of its own, which says more than the status."""
    if page.snapshot.status < 400 or b'"code"' not in page.body[:500]:
        return None
    try:
        answer = as_object(load_json(page.body))
    except JsonError:
        return None
    code = as_text(answer.get("code"))
    if code == "rest_no_route":
        return not_understood("rest_no_route: the shop has no Store API, or an older one")
    if "not_found" in code or "invalid_product" in code or "product_invalid" in code:
        number = place_of(page.snapshot.url_asked)[1].rpartition("/")[2]
        return gone(f"the shop says: {code}", number) if number.isdigit() else None
    if page.snapshot.status in (401, 403) and code.startswith(("rest_", "woocommerce_rest_cannot")):
        return Reading(ReadingState.LOGIN_REQUIRED, f"the shop shows its interface to its own people only ({code})")
    return None


@reads(Expected("json", ('"currency_minor_unit"', '"permalink"')), own=_own_refusal)
def read(page: Page) -> Reading:
    """A page of products, or one product."""
    answer = json_of(page)
    if isinstance(answer, list):
        further = next_numbered(page) if answer and _more(page, len(answer)) else ()
        return items_reading([_listing(page, item) for item in answer], "the shop lists no products", further=further)
    if isinstance(answer, dict) and "prices" in answer:
        return items_reading([_listing(page, answer)], "no product")
    return not_understood("neither products nor a product of WooCommerce: its layout may have changed")


def _more(page: Page, shown: int) -> bool:
    number = as_count(query_of(page).get("page")) or 1
    pages = as_count(page.snapshot.headers.get("x-wp-totalpages", ""))
    size = as_count(query_of(page).get("per_page")) or PAGE_SIZE
    return number < pages if pages is not None else shown >= size


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    number = as_text(item.get("id"))
    if not number or "prices" not in item:
        return None
    root = site_of(page)
    url = absolute_url(as_text(item.get("permalink")), root or "http://")
    categories = ", ".join(one_line(as_text(look_up(each, "name"))) for each in as_array(item.get("categories"))[:10])
    host = host_of(page) or place_of(url or "")[0]
    return item_listing(
        page,
        PLATFORM,
        number,
        url or page.snapshot.url_answered,
        rich_text(as_text(item.get("name"))),
        texts=(
            rich_text(as_text(item.get("short_description"))),
            rich_text(as_text(item.get("description"))),
            categories,
        ),
        handles=seller(PLATFORM, host, root or None),
        prices=_prices(as_object(item.get("prices"))),
        reach=Reach(stock=_stock(item), reviews=as_count(item.get("review_count"))),
        images=[picture(look_up(image, "src"), root) for image in as_array(item.get("images"))[:10]] if root else (),
    )


def _prices(prices: dict[str, JsonValue]) -> Iterator[PriceField | None]:
    """The price that is paid; of a range both ends; during a sale the regular price as the former one."""
    yield _price(prices, prices.get("price"))
    extent = as_object(prices.get("price_range"))
    if extent and extent.get("max_amount") != extent.get("min_amount"):
        yield _price(prices, extent.get("max_amount"), name="max_amount")
    if as_text(prices.get("regular_price")) not in ("", as_text(prices.get("price"))):
        yield _price(prices, prices.get("regular_price"), name="regular_price", old=True)


def _price(prices: dict[str, JsonValue], value: JsonValue, *, name: str = "", old: bool = False) -> PriceField | None:
    """The text as a visitor is shown it, made of the prefix, the amount and the suffix that the answer gives."""
    stated, places = as_text(value), as_count(prices.get("currency_minor_unit"))
    if not stated:
        return None
    amount = minor_units(stated, places) if places is not None and places <= 8 else None
    try:
        money = Money(amount, as_text(prices.get("currency_code"))) if amount else None
    except CurrencyError:
        money = None
    prefix, suffix = (rich_text(as_text(prices.get(f"currency_{end}"))) for end in ("prefix", "suffix"))
    shown = f"{prefix}{stated if amount is None else format(amount, 'f')}{suffix}"
    return PriceField(one_line(f"{name} {shown}")[:80], money, old)


def _stock(item: dict[str, JsonValue]) -> int | None:
    return 0 if item.get("is_in_stock") is False else as_count(item.get("low_stock_remaining"))


def recognise(page: Page) -> Recognition | None:
    """By its page's generator and files, its headers and its answers."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    headers = page.snapshot.headers
    if carries(page, b'"currency_minor_unit"', b'"is_purchasable"', b'"permalink"'):
        yield Mark(ANSWER, 0.5, "shape of its products")
    if "/wp-json/" in headers.get("link", "") or "x-wp-total" in headers:
        yield Mark(HEADER, 0.4, "headers of WordPress's interface")
    if place_of(page.snapshot.url_answered)[1].startswith("/wp-json/wc/store"):
        yield Mark(ANSWER, 0.4, "answers at /wp-json/wc/store")
    if head_of(page).generator.startswith("WooCommerce"):
        yield Mark(MARKUP, 0.7, "generator WooCommerce")
    if carries(page, b"/wp-content/plugins/woocommerce/"):
        yield Mark(MARKUP, 0.5, "files of the plugin woocommerce")


FAMILY = Family(
    name=NAME, software="WooCommerce", platform=PLATFORM, read=read, first_requests=first_requests, recognise=recognise
)
