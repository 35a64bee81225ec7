"""Digiseller, which Plati and other shops sell through: its public catalogue, product data and the older search.

Prices of the catalogue are in the currency that its address asks for; those of product data name their own.
"""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text, look_up
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._shop import (
    error_reading,
    host_of,
    item_listing,
    items_reading,
    localised,
    next_numbered,
    paged_request,
    place_of,
    query_of,
    rich_text,
    seller,
    stated_price,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Handle, Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "digiseller"
API = "https://api.digiseller.com"
SHOP = "https://plati.market"
MOST_OPTIONS = 60

_CURRENCIES = {"RUR": "RUB", "RUB": "RUB", "WMR": "RUB", "WMZ": "USD", "USD": "USD", "EUR": "EUR", "UAH": "UAH"}
_SEARCH_PATH = "/api/cataloguer/front/products"


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """A catalogue search for each of `queries` (bounded by `pages`), and the data of each of `products`.

    `currency` is what prices are asked in (RUB unless said otherwise), `owner` the shop (plati). A start URL gives
    another root; one that names a path is asked for as it is.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [API]
    currency = next(iter(source.options.get("currency", ())), "RUB")
    owner = next(iter(source.options.get("owner", ())), "plati")
    fixed = {"ownerId": owner, "currency": currency, "count": "100", "sortBy": "popular", "lang": "ru-RU"}
    requests = [
        paged_request(f"{root}{_SEARCH_PATH}?{urlencode({'productName': query, 'page': '1', **fixed})}", source, 2)
        for root in roots
        for query in source.options.get("queries", ())
    ]
    requests += [
        FurtherRequest(f"{root}/api/products/{quote(number)}/data?currency={quote(currency)}&lang=ru-RU")
        for root in roots
        for number in source.options.get("products", ())
    ]
    requests += [paged_request(url, source, 2) for url in source.start_urls if place_of(url)[1].strip("/")]
    return tuple(requests)


@reads(Expected("json", ('"product_id"', '"retval"', '"items"')))
def read(page: Page) -> Reading:
    """A page of the catalogue, one product's data, or the older search."""
    answer = as_object(json_of(page))
    product = answer.get("product")
    if isinstance(product, dict) and "name" in product:
        return items_reading([_product(page, product)], "no product")
    if "retval" in answer and "content" not in answer:
        return _refused(page, answer)
    content = answer.get("content")
    if isinstance(content, dict) and isinstance(content.get("items"), list):
        items = as_array(content["items"])
        further = next_numbered(page) if content.get("has_next_page") is True else ()
        return items_reading(
            [_catalogue_item(page, item) for item in items], "the search found nothing", further=further
        )
    if isinstance(answer.get("items"), list) and ("total" in answer or "Totalpages" in answer or answer["items"]):
        return _older_search(page, answer)
    return not_understood("neither a catalogue page nor a product of Digiseller: its layout may have changed")


def _older_search(page: Page, answer: dict[str, JsonValue]) -> Reading:
    more = (as_count(answer.get("Pagenum")) or 0) < (as_count(answer.get("Totalpages")) or 0)
    items = as_array(answer.get("items"))
    further = next_numbered(page, "pagenum") if more else ()
    return items_reading([_older_item(page, item) for item in items], "the search found nothing", further=further)


def _refused(page: Page, answer: dict[str, JsonValue]) -> Reading:
    """`retval` -1 with "not found" is the one explicit sign that a product was taken down."""
    said = one_line(as_text(answer.get("retdesc")))
    number = _product_in(page.snapshot.url_asked)
    if number and any(word in said.lower() for word in ("not found", "не найден")):
        return gone(f"the interface says: {said[:100]}", number)
    return error_reading(page, answer.get("retval"), said)


def _product_in(url: str) -> str:
    steps = [step for step in place_of(url)[1].split("/") if step]
    return next((step for step in steps if step.isascii() and step.isdigit()), "")


def _catalogue_item(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    number = as_text(item.get("product_id"))
    names = {as_text(look_up(name, "locale")): look_up(name, "value") for name in as_array(item.get("name"))}
    russian = localised(names, "ru-RU") if names else as_text(item.get("name"))
    currency = _CURRENCIES.get(query_of(page).get("currency", "").upper())
    return item_listing(
        page,
        "marketplace",
        number,
        f"{SHOP}/itm/{number}",
        russian,
        texts=(localised(names, "en-US"),),
        handles=_seller(item.get("seller_name"), item.get("seller_id")),
        prices=(stated_price(item.get("price"), currency),),
        reach=Reach(sales=as_count(item.get("total_sales"))),
    )


def _older_item(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    number = as_text(item.get("id"))
    reviews = [as_count(item.get(f"count_{kind}responses")) for kind in ("positive", "negative")]
    return item_listing(
        page,
        "marketplace",
        number,
        f"{SHOP}/itm/{number}",
        as_text(item.get("name")) or as_text(item.get("name_eng")),
        texts=(as_text(item.get("name_eng")),),
        handles=_seller(item.get("seller_name"), item.get("seller_id")),
        prices=(stated_price(item.get("price_rur"), "RUB"), stated_price(item.get("price_usd"), "USD")),
        reach=Reach(
            sales=as_count(item.get("numsold")),
            reviews=None if None in reviews else sum(count or 0 for count in reviews),
        ),
    )


def _product(page: Page, product: dict[str, JsonValue]) -> Listing | None:
    number = as_text(product.get("id")) or _product_in(page.snapshot.url_asked)
    statistics = as_object(product.get("statistics"))
    currency = _CURRENCIES.get(as_text(product.get("currency")).upper())
    sold_by = as_object(product.get("seller"))
    return item_listing(
        page,
        "marketplace",
        number,
        f"{SHOP}/itm/{number}",
        as_text(product.get("name")),
        texts=(rich_text(as_text(product.get("info"))), rich_text(as_text(product.get("add_info"))), _options(product)),
        handles=_seller(sold_by.get("name"), sold_by.get("id")),
        prices=(stated_price(product.get("price"), currency), *_variant_prices(product, currency)),
        reach=Reach(sales=as_count(statistics.get("sales")), stock=as_count(product.get("num_in_stock"))),
    )


def _variants(product: dict[str, JsonValue]) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    for option in map(as_object, as_array(product.get("options"))[:MOST_OPTIONS]):
        for variant in map(as_object, as_array(option.get("variants"))[:MOST_OPTIONS]):
            yield one_line(as_text(option.get("label"))), variant


def _options(product: dict[str, JsonValue]) -> str:
    """What can be chosen, a line each, with what it adds to the price as the page says it."""
    lines = []
    for label, variant in _variants(product):
        said = one_line(as_text(variant.get("text")))
        if said:
            added = one_line(as_text(variant.get("modify")))
            lines.append(f"{label}: {said} {added}".strip())
    return "\n".join(lines)[:5_000]


def _variant_prices(product: dict[str, JsonValue], currency: str | None) -> Iterator[PriceField | None]:
    """Prices of variants where the interface states them whole, beside the base price."""
    for _label, variant in _variants(product):
        if "price" in variant:
            yield stated_price(variant["price"], currency, name=one_line(as_text(variant.get("text")))[:40])


def _seller(name: JsonValue, number: JsonValue) -> tuple[Handle, ...]:
    said = as_text(number)
    return seller(NAME, as_text(name) or said, f"{SHOP}/seller/x/{said}" if said.isdigit() else None)


def recognise(page: Page) -> Recognition | None:
    """By its hosts and the shape of its answers."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    host = host_of(page)
    if host in ("api.digiseller.com", "plati.market", "plati.io", "plati.ru") or host.endswith(".digiseller.com"):
        yield Mark(ADDRESS, 0.9, f"host {host}")
    if carries(page, b'"product_id"', b'"seller_name"', b'"has_next_page"'):
        yield Mark(ANSWER, 0.45, "shape of its catalogue")
    if carries(page, b'"price_rur"', b'"numsold"', b'"seller_rating"'):
        yield Mark(ANSWER, 0.45, "shape of its older search")
    if carries(page, b"digiseller.ru") or carries(page, b"shop.digiseller"):
        yield Mark(ANSWER, 0.4, "loads Digiseller's shop script")


FAMILY = Family(
    name=NAME,
    software="Digiseller",
    platform="marketplace",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
