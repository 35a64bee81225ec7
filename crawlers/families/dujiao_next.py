"""Dujiao-Next, the successor of dujiaoka: its public list of products. The currency stands in the shop's settings."""

from collections.abc import Iterator
from urllib.parse import quote

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text, look_up
from crawlers.families._paging import page_bound
from crawlers.families._recognition import ANSWER, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._shop import (
    CARD_SHOP,
    error_reading,
    item_listing,
    items_reading,
    localised,
    next_numbered,
    picture,
    place_of,
    query_of,
    rich_text,
    shop_owner,
    site_of,
    stated_price,
    total_of,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "dujiao_next"
CONFIG_PATH = "/api/v1/public/config"
PRODUCTS_PATH = "/api/v1/public/products"
PAGE_SIZE = 100
LANGUAGES = ("zh-CN", "zh", "zh-TW", "en-US", "en")
USUAL_CURRENCY = "CNY"
MOST_VARIANTS = 50


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The settings of each shop, which lead to its products; `products` (their slugs) are asked for besides."""
    context = {"pages_left": str(page_bound(source, 5))}
    requests = [FurtherRequest(f"{site_root(url)}{CONFIG_PATH}", context) for url in source.start_urls]
    requests += [
        FurtherRequest(f"{site_root(url)}{PRODUCTS_PATH}/{quote(slug)}", context)
        for url in source.start_urls
        for slug in source.options.get("products", ())
    ]
    return tuple(requests)


@reads(Expected("json", ('"status_code"', '"price_amount"')))
def read(page: Page) -> Reading:
    """The shop's settings (which lead to the products), a page of products, or one product."""
    answer = as_object(json_of(page))
    code, data = answer.get("status_code"), answer.get("data")
    if code not in (0, 200) and (code is not None or data is None):
        return _refused(page, code, as_text(answer.get("msg")))
    if isinstance(data, list):
        size = as_count(query_of(page).get("page_size")) or PAGE_SIZE
        number = as_count(query_of(page).get("page")) or 1
        pages = total_of(answer, "pagination", "total_page") or -(-total_of(answer, "pagination", "total") // size)
        further = next_numbered(page) if number < pages else ()
        return items_reading([_listing(page, item) for item in data], "the shop lists no products", further=further)
    if isinstance(data, dict) and "price_amount" in data:
        return items_reading([_listing(page, data)], "no product")
    if isinstance(data, dict) and place_of(page.snapshot.url_asked)[1].endswith("/config"):
        return _settings(page, data)
    return not_understood("neither settings nor products of Dujiao-Next: its layout may have changed")


def _settings(page: Page, settings: dict[str, JsonValue]) -> Reading:
    stated = as_text(settings.get("currency")) or as_text(look_up(settings, "site_config", "currency"))
    context = {"currency": stated.upper()[:5] or USUAL_CURRENCY}
    left = as_count(page.snapshot.context.get("pages_left")) or 1
    url = f"{site_of(page)}{PRODUCTS_PATH}?page=1&page_size={PAGE_SIZE}"
    further = (FurtherRequest(url, {**context, "pages_left": str(left - 1)}),) if site_of(page) else ()
    return Reading(ReadingState.FRESH, "the shop's settings; its products are asked for next", further=further)


def _refused(page: Page, code: JsonValue, message: str) -> Reading:
    slug = _slug_in(page)
    said = message.lower()
    if slug and (code == 404 or page.snapshot.status == 404) and ("not found" in said or "不存在" in said):
        return gone(f"the shop says: {one_line(message)[:100]}", slug)
    return error_reading(page, code, message)


def _slug_in(page: Page) -> str:
    head, _slash, slug = place_of(page.snapshot.url_asked)[1].rpartition("/")
    return slug if head.endswith("/products") else ""


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    slug = one_line(as_text(item.get("slug")) or as_text(item.get("id")))
    if not slug or "price_amount" not in item:
        return None
    root = site_of(page)
    texts = [rich_text(localised(item.get(field), *LANGUAGES)) for field in ("description", "content")]
    category = localised(look_up(item, "category", "name"), *LANGUAGES)
    tags = ", ".join(one_line(as_text(tag)) for tag in as_array(item.get("tags"))[:20])
    return item_listing(
        page,
        CARD_SHOP,
        slug,
        f"{root}/products/{quote(slug)}" if root else page.snapshot.url_answered,
        localised(item.get("title"), *LANGUAGES),
        texts=(*texts, category, tags),
        handles=shop_owner(page),
        prices=_prices(item, _currency(page)),
        reach=Reach(stock=_stock(item)),
        images=(picture(image, root) for image in as_array(item.get("images"))[:10]) if root else (),
    )


def _currency(page: Page) -> str:
    stated = page.snapshot.context.get("currency", USUAL_CURRENCY)
    return stated if 3 <= len(stated) <= 5 and stated.isascii() and stated.isupper() else USUAL_CURRENCY


def _prices(item: dict[str, JsonValue], currency: str) -> Iterator[PriceField | None]:
    """What is paid now; during a promotion the usual price is the former one. Then other variants."""
    usual, promoted = item.get("price_amount"), item.get("promotion_price_amount")
    if as_text(promoted) and as_text(promoted) != as_text(usual):
        yield stated_price(promoted, currency)
        yield stated_price(usual, currency, old=True)
    else:
        yield stated_price(usual, currency)
    seen = {as_text(usual), as_text(promoted)}
    for variant in map(as_object, as_array(item.get("skus"))[:MOST_VARIANTS]):
        amount = as_text(variant.get("price_amount"))
        if amount and amount not in seen:
            seen.add(amount)
            said = localised(variant.get("title") or variant.get("spec") or variant.get("sku_code"), *LANGUAGES)
            yield stated_price(variant["price_amount"], currency, name=one_line(said)[:60])


def _stock(item: dict[str, JsonValue]) -> int | None:
    if item.get("is_sold_out") is True:
        return 0
    delivered = "auto" if as_text(item.get("fulfillment_type")) == "auto" else "manual"
    return as_count(item.get(f"{delivered}_stock_available"))


def recognise(page: Page) -> Recognition | None:
    """By the shape of its answers, their place, and its page."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, b'"price_amount"', b'"fulfillment_type"', b'"status_code"'):
        yield Mark(ANSWER, 0.5, "shape of its products")
    if place_of(page.snapshot.url_answered)[1].startswith(PRODUCTS_PATH):
        yield Mark(ANSWER, 0.3, f"answers at {PRODUCTS_PATH}")
    if "dujiao" in head_of(page).title.lower() or head_of(page).generator.lower().startswith("dujiao"):
        yield Mark(MARKUP, 0.5, "its page names Dujiao-Next")


FAMILY = Family(
    name=NAME, software="Dujiao-Next", platform=CARD_SHOP, read=read, first_requests=first_requests, recognise=recognise
)
