"""FunPay: the page of a category with all of its offers, and the page of one offer. HTML that needs no script.

The currency is that of the visitor's place, so it is read from each price and never assumed.
"""

from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, urlsplit

from lxml.html import HtmlElement

from crawlers.families._html import absolute_url, attribute, find_all, find_first, load_html, site_root, text_of
from crawlers.families._json import as_count
from crawlers.families._money import price_field
from crawlers.families._recognition import ADDRESS, MARKUP, Mark, carries, recognition
from crawlers.families._shop import MOST_ITEMS, host_of, item_listing, items_reading, place_of, seller
from crawlers.families._state import empty, gone, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Handle, Listing, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "funpay"
ROOT = "https://funpay.com"
MOST_CATEGORIES = 50
_GONE_WORDS = ("offer not found", "предложение не найдено", "пропозицію не знайдено")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The page of each category in `categories` (their numbers), of each of `offers`, and each start URL with a path.

    `names` asks for the list of all categories first, and then for those whose game or section is called so. A start
    URL without a path gives another root.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [ROOT]
    named = [f"{root}/en/lots/{quote(number)}/" for root in roots for number in source.options.get("categories", ())]
    named += [
        f"{root}/en/lots/offer?id={quote(number)}" for root in roots for number in source.options.get("offers", ())
    ]
    named += [url for url in source.start_urls if place_of(url)[1].strip("/")]
    names = "\n".join(source.options.get("names", ()))
    lists = [FurtherRequest(f"{root}/en/", {"names": names}) for root in roots] if names else []
    return (*lists, *(FurtherRequest(url) for url in named))


def _own_refusal(page: Page) -> Reading | None:
    """A login in any of the site's languages (`/en/account/login`)."""
    for address in (page.snapshot.url_answered, page.snapshot.headers.get("location", "")):
        if place_of(address)[1].rstrip("/").endswith("/account/login"):
            return Reading(ReadingState.LOGIN_REQUIRED, "the place led to a login page")
    return None


@reads(Expected("html", ("tc-item", "param-item", "data-app-data")), own=_own_refusal)
def read(page: Page) -> Reading:
    """The offers of a category, or the one offer of an offer page."""
    document = load_html(page)
    heading = one_line(text_of(find_first(document, "h1")))
    if heading.lower().startswith(_GONE_WORDS):
        number = offer_id(page.snapshot.url_asked)
        return gone(f"the page says: {heading[:100]}", *([number] if number else []))
    rows = find_all(document, "a.tc-item")[:MOST_ITEMS]
    if rows:
        category = heading or one_line(text_of(find_first(document, "title")))
        return items_reading([_row(page, row, category) for row in rows], "no offers")
    if find_first(document, ".param-item") is not None:
        return items_reading([_offer_page(page, document)], "no offer")
    if find_first(document, ".tc-header, .tc.table-hover, .showcase-table") is not None:
        return empty("the category holds no offers")
    if find_first(document, ".review-container") is not None:
        return empty("reviews, and no offers")
    categories = _categories(page, document)
    if categories:
        return Reading(
            ReadingState.FRESH, "the list of categories; those that were named are asked for", further=categories
        )
    if find_first(document, ".promo-game-item") is not None:
        return empty("no category of the names that are sought")
    return not_understood("neither offers nor an offer: FunPay's layout may have changed")


def _categories(page: Page, document: HtmlElement) -> tuple[FurtherRequest, ...]:
    """Sections whose game is called by one of the names that the source seeks."""
    names = [name.lower() for name in page.snapshot.context.get("names", "").split("\n") if name]
    found: list[str] = []
    for game in find_all(document, ".promo-game-item")[:5_000]:
        if not any(name in text_of(game).lower() for name in names):
            continue
        links = (absolute_url(attribute(anchor, "href"), page.snapshot.url_answered) for anchor in game.iter("a"))
        found += [link for link in links if link and place_of(link)[1].split("/")[-3:-2] in (["lots"], ["chips"])]
    return tuple(FurtherRequest(url) for url in list(dict.fromkeys(found))[:MOST_CATEGORIES])


def offer_id(url: str) -> str:
    """The id in `/lots/offer?id=123` (for goods by the piece it has several numbers), or an empty string."""
    try:
        parts = urlsplit(url)
        number = dict(parse_qsl(parts.query[:512])).get("id", "")
    except ValueError:
        return ""
    plain = number.replace("-", "")
    return number if "/offer" in parts.path and plain.isascii() and plain.isdigit() and len(number) < 64 else ""


def _row(page: Page, row: HtmlElement, category: str) -> Listing | None:
    url = absolute_url(attribute(row, "href"), ROOT)
    described = [text_of(cell) for cell in find_all(row, ".tc-desc-text, .tc-server, .tc-side")]
    title = next((said for said in described if said), "")
    unit = text_of(find_first(row, ".tc-amount .unit"))
    return item_listing(
        page,
        "marketplace",
        offer_id(url or ""),
        url or "",
        title or category,
        texts=(*dict.fromkeys(described), *_features(row), f"{category} ({unit})" if unit else category),
        handles=_seller_of(row),
        prices=(price_field(_price_text(row), decimal_mark="."),) if _price_text(row) else (),
        reach=Reach(stock=_number(text_of(find_first(row, ".tc-amount"))), reviews=_reviews(row)),
    )


def _features(row: HtmlElement) -> Iterator[str]:
    """Cells that a category adds for itself, such as the term of a subscription."""
    usual = {"tc-desc", "tc-user", "tc-amount", "tc-price", "tc-server", "tc-side"}
    for cell in row:
        classes = attribute(cell, "class").split()
        if isinstance(cell.tag, str) and not usual & set(classes):
            yield text_of(cell)


def _price_text(row: HtmlElement) -> str:
    price = find_first(row, ".tc-price")
    shown = find_first(price, "div") if price is not None else None
    return one_line(text_of(shown if shown is not None else price))


def _seller_of(element: HtmlElement) -> tuple[Handle, ...]:
    name = find_first(element, ".media-user-name")
    if name is None:
        return ()
    link = next((child for child in name.iter() if child.get("data-href") or child.get("href")), None)
    address = attribute(link, "data-href") or attribute(link, "href")
    return seller(NAME, text_of(name), absolute_url(address, ROOT) if address else None)


def _reviews(element: HtmlElement) -> int | None:
    counted = find_first(element, ".rating-mini-count")
    return _number(text_of(counted if counted is not None else find_first(element, ".media-user-reviews")))


def _number(text: str) -> int | None:
    """The leading whole number of a cell ("2 000 000 кк", "105", "2 отзыва"); None without one."""
    digits = ""
    for character in text[:40]:
        if character.isascii() and character.isdigit():
            digits += character
        elif not (digits and character in " \u00a0,"):
            break
    return as_count(digits)


def _offer_page(page: Page, document: HtmlElement) -> Listing | None:
    fields: dict[str, str] = {}
    for item in find_all(document, ".param-item")[:50]:
        label = one_line(text_of(find_first(item, "h5")))
        fields.setdefault(label, text_of(item).removeprefix(label).strip())
    short = next((text for label, text in fields.items() if label.lower() in _SHORT), "")
    others = [
        f"{label}: {text}" if label.lower() not in _LONG else text for label, text in fields.items() if text != short
    ]
    category = one_line(text_of(find_first(document, "h1")))
    price = one_line(text_of(find_first(document, ".payment-value, .offer-price, .tc-price")))
    number = offer_id(page.snapshot.url_answered)
    return item_listing(
        page,
        "marketplace",
        number,
        page.snapshot.url_answered if number else "",
        short or category,
        texts=(*others, category),
        handles=_seller_of(document),
        prices=(price_field(price, decimal_mark="."),) if price else (),
        reach=Reach(reviews=_reviews(document)),
    )


_SHORT = ("short description", "краткое описание", "короткий опис")
_LONG = ("detailed description", "подробное описание", "детальний опис")


def recognise(page: Page) -> Recognition | None:
    """By its host and its markup."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    host = host_of(page)
    if host in ("funpay.com", "www.funpay.com"):
        yield Mark(ADDRESS, 0.9, "host funpay.com")
    if carries(page, b"tc-item", b"tc-price", b"media-user"):
        yield Mark(MARKUP, 0.45, "its rows of offers")
    if carries(page, b"data-app-data=", b"param-item"):
        yield Mark(MARKUP, 0.4, "its page of an offer")


FAMILY = Family(
    name=NAME, software="FunPay", platform="marketplace", read=read, first_requests=first_requests, recognise=recognise
)
