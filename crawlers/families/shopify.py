"""Shopify's products.json: prices as texts without a currency, which the shop's own `meta.json` or page says."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from crawlers.families._html import HtmlError, find_first, load_html, meta_content, site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_decimal, as_object, as_text
from crawlers.families._paging import page_bound
from crawlers.families._recognition import ANSWER, HEADER, MARKUP, Mark, carries, recognition
from crawlers.families._scripts import inline_object
from crawlers.families._shop import (
    host_of,
    item_listing,
    items_reading,
    next_numbered,
    picture,
    place_of,
    query_of,
    rich_text,
    seller,
    site_of,
    stated_price,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_iso
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "shopify"
PLATFORM = "shop"
PAGE_SIZE = 250
MOST_VARIANTS = 100


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The `meta.json` of each shop, which leads to its products; those of each of `collections`, or all.

    Each of `products` (their handles) is asked for besides.
    """
    collections = "\n".join(source.options.get("collections", ()))
    context = {"collections": collections, "pages_left": str(page_bound(source, 3))}
    roots = list(dict.fromkeys(site_root(url) for url in source.start_urls))
    items = [
        FurtherRequest(f"{root}/products/{quote(handle)}.json", {})
        for root in roots
        for handle in source.options.get("products", ())
    ]
    return (*(FurtherRequest(f"{root}/meta.json", context) for root in roots), *items)


def _own_refusal(page: Page) -> Reading | None:
    path = place_of(page.snapshot.url_answered)[1]
    location = page.snapshot.headers.get("location", "") if 300 <= page.snapshot.status < 400 else ""
    if path.rstrip("/") == "/password" or place_of(location)[1].rstrip("/") == "/password":
        return Reading(ReadingState.LOGIN_REQUIRED, "the shop is closed behind a password page")
    return None


@reads(Expected("any", ('"variants"', '"product_type"')), own=_own_refusal)
def read(page: Page) -> Reading:
    """The shop's own data (which lead to its products), a page of products, or one product."""
    handle = _handle_in(page)
    if handle and page.snapshot.status in (404, 410):
        return gone(f"the shop has no such product (HTTP {page.snapshot.status})", handle)
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _front_page(page)
    answer = as_object(json_of(page))
    if isinstance(answer.get("products"), list):
        products = as_array(answer["products"])
        size = as_count(query_of(page).get("limit")) or PAGE_SIZE
        further = next_numbered(page) if len(products) >= size else ()
        return items_reading([_listing(page, item) for item in products], "the shop lists no products", further=further)
    if isinstance(answer.get("product"), dict):
        return items_reading([_listing(page, answer["product"])], "no product")
    if "currency" in answer and ("myshopify_domain" in answer or "name" in answer):
        return _lists(page, as_text(answer.get("currency")))
    return not_understood("no products of Shopify: the software is another, or its interface is switched off")


def _front_page(page: Page) -> Reading:
    """HTML where JSON was asked for: a shop's own page says its currency, anything else is no Shopify."""
    document = load_html(page)
    if find_first(document, 'form[action*="/password"]') is not None:
        return Reading(ReadingState.LOGIN_REQUIRED, "the shop is closed behind a password page")
    if "/products" in place_of(page.snapshot.url_asked)[1]:
        return not_understood("HTML where products were asked for: the software is another, or its interface is off")
    currency = _currency_of_page(page)
    if currency or carries(page, b"cdn.shopify.com"):
        return _lists(page, currency)
    return not_understood("a page that is not Shopify's")


def _currency_of_page(page: Page) -> str:
    stated = as_text(inline_object(page, "Shopify.currency").get("active"))
    try:
        return stated or meta_content(load_html(page), "og:price:currency")
    except HtmlError:
        return stated


def _lists(page: Page, currency: str) -> Reading:
    context = page.snapshot.context
    left = as_count(context.get("pages_left")) or 1
    folders = [f"/collections/{quote(name)}" for name in context.get("collections", "").split("\n") if name] or [""]
    carried = {"currency": currency.upper()[:5], "pages_left": str(left - 1)}
    root = site_of(page)
    further = tuple(
        FurtherRequest(f"{root}{folder}/products.json?limit={PAGE_SIZE}&page=1", carried)
        for folder in folders[:50]
        if root
    )
    return Reading(ReadingState.FRESH, "what the shop says of itself; its products are asked for next", further=further)


def _handle_in(page: Page) -> str:
    head, _slash, name = place_of(page.snapshot.url_asked)[1].rpartition("/")
    return name.removesuffix(".json").removesuffix(".js") if head.endswith("/products") else ""


def _currency(page: Page) -> str | None:
    stated = page.snapshot.context.get("currency", "")
    return stated if 3 <= len(stated) <= 5 and stated.isascii() and stated.isupper() else None


def _listing(page: Page, value: JsonValue) -> Listing | None:
    item = as_object(value)
    handle = one_line(as_text(item.get("handle")) or as_text(item.get("id")))
    variants = [as_object(each) for each in as_array(item.get("variants"))[:MOST_VARIANTS]]
    if not handle or "variants" not in item:
        return None
    root, tags = site_of(page), item.get("tags")
    vendor = one_line(as_text(item.get("vendor")))
    words = [as_text(tag) for tag in tags] if isinstance(tags, list) else [as_text(tags)]
    return item_listing(
        page,
        PLATFORM,
        handle,
        f"{root}/products/{quote(handle)}" if root else page.snapshot.url_answered,
        as_text(item.get("title")),
        texts=(
            rich_text(as_text(item.get("body_html"))),
            one_line(as_text(item.get("product_type"))),
            one_line(", ".join(word for word in words if word)),
            vendor,
        ),
        handles=seller(PLATFORM, host_of(page) or vendor, root or None),
        prices=_prices(variants, _currency(page)),
        reach=Reach(stock=0 if variants and all(each.get("available") is False for each in variants) else None),
        posted_at=time_from_iso(as_text(item.get("published_at")) or as_text(item.get("created_at"))),
        images=[picture(as_object(image).get("src"), root) for image in as_array(item.get("images"))[:10]]
        if root
        else (),
    )


def _prices(variants: list[dict[str, JsonValue]], currency: str | None) -> Iterator[PriceField | None]:
    """Each variant's price, named by the variant where there is a choice; a higher one beside it is the former."""
    seen: set[tuple[str, str]] = set()
    for variant in variants:
        price, former = as_text(variant.get("price")), as_text(variant.get("compare_at_price"))
        name = _variant_name(variant) if len(variants) > 1 else ""
        if (name, price) in seen:
            continue
        seen.add((name, price))
        yield stated_price(variant.get("price"), currency, name=name)
        if _is_former(variant):
            yield stated_price(former, currency, name="compare_at_price", old=True)


def _is_former(variant: Mapping[str, JsonValue]) -> bool:
    now, former = as_decimal(variant.get("price")), as_decimal(variant.get("compare_at_price"))
    return now is not None and former is not None and former > now


def _variant_name(variant: Mapping[str, JsonValue]) -> str:
    name = one_line(as_text(variant.get("title")))[:60]
    return "" if name == "Default Title" else name


def recognise(page: Page) -> Recognition | None:
    """By its headers, its page's files and scripts, and its answers."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    headers = page.snapshot.headers
    if "x-shopid" in headers or "x-shopify-stage" in headers or "shopify" in headers.get("powered-by", "").lower():
        yield Mark(HEADER, 0.7, "headers of Shopify")
    if carries(page, b"cdn.shopify.com"):
        yield Mark(MARKUP, 0.4, "files from cdn.shopify.com")
    if carries(page, b"Shopify.theme") or carries(page, b"Shopify.shop"):
        yield Mark(MARKUP, 0.4, "script variable Shopify")
    if carries(page, b'"variants"', b'"body_html"', b'"product_type"', b'"handle"'):
        yield Mark(ANSWER, 0.5, "shape of its products")
    if place_of(page.snapshot.url_answered)[1].endswith("/products.json"):
        yield Mark(ANSWER, 0.2, "answers at /products.json")


FAMILY = Family(
    name=NAME, software="Shopify", platform=PLATFORM, read=read, first_requests=first_requests, recognise=recognise
)
