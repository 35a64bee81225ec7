"""Any shop whose pages say in structured data what they sell: JSON-LD, microdata or OpenGraph, in this order.

A page of one product is known by its address, so that the same address later missing tells which product is gone.
"""

import hashlib
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawlers.families._html import absolute_url, attribute, find_first, load_html, text_of
from crawlers.families._json import JsonValue, as_array, as_count, as_decimal, as_object, as_text
from crawlers.families._jsonld import (
    first_text,
    jsonld_nodes,
    microdata_nodes,
    objects_of,
    opengraph_node,
    path_of,
    type_name,
    types_of,
)
from crawlers.families._money import price_field
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._recognition import MARKUP, Mark, carries, recognition
from crawlers.families._shop import (
    MOST_IMAGES,
    host_of,
    item_listing,
    items_reading,
    picture,
    rich_text,
    seller,
    site_of,
    stated_price,
)
from crawlers.families._state import empty, gone, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected, find_refusal
from domain.listing import Handle, HandleRole, Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "structured_data"
PLATFORM = "shop"
MOST_PRODUCTS = 500
MOST_OFFERS = 50

_PRODUCTS = frozenset({"Product", "ProductGroup", "ProductModel", "IndividualProduct", "SomeProducts"})
_SOLD_OUT = frozenset({"OutOfStock", "SoldOut", "Discontinued", "outofstock", "oos", "out of stock"})
_FORMER = ("ListPrice", "StrikethroughPrice", "SRP", "MSRP")
_MARKERS = ("application/ld+json", "schema.org/product", "og:price:amount", "product:price:amount")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """Each start URL: a product's page, or a list whose items are followed on the same host (`pages` of them)."""
    left = str(page_bound(source, 1) - 1)
    return tuple(FurtherRequest(url, {"pages_left": left}) for url in source.start_urls)


def _missing(page: Page) -> Reading | None:
    """A page that the place itself says it has not, in however few words; a challenge says no such thing."""
    if page.snapshot.status not in (404, 410) or (page.body.strip() and find_refusal(page, Expected("html"))):
        return None
    missing = path_of(page.snapshot.url_asked) or "/"
    return gone(f"the place has no such page (HTTP {page.snapshot.status})", missing)


@reads(Expected("html", _MARKERS), own=_missing)
def read(page: Page) -> Reading:
    """The products that the page states."""
    document = load_html(page)
    nodes = jsonld_nodes(document)
    products = _products(nodes)
    if not products:
        items = microdata_nodes(document)
        products, nodes = _products(items), [*nodes, *items]
    if not products and (stated := opengraph_node(document)):
        products = [stated]
    further = _listed(page, nodes)
    if products:
        listings = [_listing(page, document, product, alone=len(products) == 1) for product in products[:MOST_PRODUCTS]]
        return items_reading(listings, "", further=further)
    if further:
        return Reading(ReadingState.FRESH, "a list that only names its products; they are asked for", further=further)
    return empty("structured data, and no product in it") if nodes else not_understood("no structured data in the page")


def _products(nodes: list[dict[str, JsonValue]]) -> list[dict[str, JsonValue]]:
    """Products, and whatever else has offers; variants within a group are told by the group's own offers."""
    found = [node for node in nodes if types_of(node) & _PRODUCTS or ("offers" in node and "name" in node)]
    inner = {id(each) for node in found for each in objects_of(node.get("hasVariant"))}
    inner |= {id(each) for node in found for each in objects_of(node.get("isRelatedTo"))}
    return [node for node in found if id(node) not in inner and (first_text(node.get("name")) or "offers" in node)]


def _listed(page: Page, nodes: list[dict[str, JsonValue]]) -> tuple[FurtherRequest, ...]:
    """Addresses on this host that an ItemList names, as many as the crawl's bound leaves."""
    root, left = site_of(page), pages_left_in(page)
    found: list[str] = []
    for node in nodes:
        if not root or not left or "ItemList" not in types_of(node):
            continue
        for each in objects_of(node.get("itemListElement")):
            held = as_object(each.get("item"))
            stated = as_text(each.get("url")) or as_text(held.get("url")) or as_text(each.get("item"))
            url = absolute_url(stated, page.snapshot.url_answered)
            if url and "offers" not in held and _host(url) == host_of(page):
                found.append(url)
    return tuple(FurtherRequest(url, {"pages_left": "0"}) for url in dict.fromkeys(found))[:left]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _listing(page: Page, document: HtmlElement, product: Mapping[str, JsonValue], *, alone: bool) -> Listing | None:
    base = page.snapshot.url_answered
    title = rich_text(first_text(product.get("name"))) or text_of(find_first(document, "h1"))
    offers = _offers(product)
    if alone and not any(price is not None and price.amount for price in _prices(offers)):
        offers += objects_of((opengraph_node(document) or {}).get("offers"))
    stated = [first_text(product.get("url")), *(first_text(offer.get("url")) for offer in offers)]
    own = next((url for text in stated if text and (url := absolute_url(text, base))), None)
    category = first_text(product.get("category"))
    rating = as_object(product.get("aggregateRating"))
    images = product.get("image")
    return item_listing(
        page,
        PLATFORM,
        _id(page, product, own, title, alone=alone),
        own or _canonical(page, document),
        title,
        texts=(rich_text(first_text(product.get("description"))), one_line(category), one_line(_brand(product))),
        handles=_handles(page, offers),
        prices=_prices(offers),
        reach=Reach(
            stock=_stock(offers), reviews=as_count(first_text(rating.get("reviewCount") or rating.get("ratingCount")))
        ),
        images=_pictures(images if isinstance(images, list) else [images], base),
    )


def _pictures(images: list[JsonValue], base: str) -> list[str | None]:
    addresses = (first_text(as_object(image).get("url")) or first_text(image) for image in images[:MOST_IMAGES])
    return [picture(address, base) for address in addresses]


def _brand(product: Mapping[str, JsonValue]) -> str:
    return first_text(product.get("brand"))


def _id(page: Page, product: Mapping[str, JsonValue], own: str | None, title: str, *, alone: bool) -> str:
    """The page's own address where it holds one product; in a list the item's number, address or name."""
    if alone:
        return path_of(page.snapshot.url_asked) or "/"
    for key in ("sku", "productID", "mpn", "@id"):
        if stated := one_line(first_text(product.get(key))):
            return stated[:200]
    if own and path_of(own) not in ("", "/", path_of(page.snapshot.url_answered)):
        return path_of(own)
    return f"name/{hashlib.sha256(title.encode()).hexdigest()[:16]}"


def _canonical(page: Page, document: HtmlElement) -> str:
    link = attribute(find_first(document, 'link[rel="canonical"]'), "href")
    return absolute_url(link, page.snapshot.url_answered) or page.snapshot.url_answered


def _offers(product: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """The offers of a product, those within an aggregate too, and those of its variants."""
    found: list[dict[str, JsonValue]] = []
    holders = [product, *objects_of(product.get("hasVariant"))]
    for holder in holders[:MOST_OFFERS]:
        for offer in objects_of(holder.get("offers")):
            found.append(offer)
            found += objects_of(offer.get("offers"))
    return found[:MOST_OFFERS]


def _prices(offers: list[dict[str, JsonValue]]) -> Iterator[PriceField | None]:
    """Each offer's price with its currency, each price once; of an aggregate both ends."""
    seen: set[tuple[str, str, bool]] = set()
    for offer in offers:
        for value, currency, name, old in _stated(offer):
            price = _price(value, currency, name, old)
            if price is not None and (key := (str(price.amount), price.text, old)) not in seen:
                seen.add(key)
                yield price


def _stated(offer: Mapping[str, JsonValue]) -> Iterator[tuple[JsonValue, str, str, bool]]:
    currency = first_text(offer.get("priceCurrency"))
    if first_text(offer.get("price")):
        yield _alone(offer["price"]), currency, "", False
    for key in ("lowPrice", "highPrice"):
        if first_text(offer.get(key)):
            yield _alone(offer[key]), currency, key, False
    for part in objects_of(offer.get("priceSpecification"))[:5]:
        kind = type_name(first_text(part.get("priceType")))
        if first_text(part.get("price")) and (kind in _FORMER or not first_text(offer.get("price"))):
            yield _alone(part["price"]), first_text(part.get("priceCurrency")) or currency, kind, kind in _FORMER


def _alone(value: JsonValue) -> JsonValue:
    return next(iter(as_array(value)), None) if isinstance(value, list) else value


def _price(value: JsonValue, currency: str, name: str, old: bool) -> PriceField | None:
    """A number is exact; a text may be written as people write prices, and has no amount where it may mean two."""
    told = currency.strip().upper().replace("RUR", "RUB")
    known = told if 3 <= len(told) <= 5 and told.isascii() and told.isalpha() else None
    if isinstance(value, str) and as_decimal(value) is None:
        return price_field(f"{name} {value}".strip(), currency=known, old=old)
    return stated_price(value, known, name=name, old=old)


def _stock(offers: list[dict[str, JsonValue]]) -> int | None:
    stated = [type_name(first_text(offer.get("availability"))) for offer in offers]
    words = [word for word in stated if word]
    return 0 if words and all(word in _SOLD_OUT for word in words) else None


def _handles(page: Page, offers: list[dict[str, JsonValue]]) -> tuple[Handle, ...]:
    """The shop by its host; where a person is named as the seller, that person, and the host as host."""
    host, root = host_of(page), site_of(page)
    for offer in offers:
        by = as_object(offer.get("seller"))
        name = one_line(first_text(by.get("name")))
        if "Person" in types_of(by) and name:
            return (
                *seller(PLATFORM, f"{name}@{host}"),
                Handle(PLATFORM, host or "file", HandleRole.HOST, root or None),
            )
    return seller(PLATFORM, host, root or None)


def recognise(page: Page) -> Recognition | None:
    """Structured data of a product is a format and no software: never more than a half."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, b"application/ld+json", b"Product"):
        yield Mark(MARKUP, 0.3, "JSON-LD that speaks of a product")
    if carries(page, b"schema.org/Product", b"itemprop"):
        yield Mark(MARKUP, 0.25, "microdata of a product")
    if carries(page, b"price:amount"):
        yield Mark(MARKUP, 0.2, "OpenGraph with a price")


FAMILY = Family(
    name=NAME,
    software="structured data of any shop",
    platform=PLATFORM,
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
