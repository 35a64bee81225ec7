"""What marketplaces and card shops have in common: one item for sale, its stated prices, and the next numbered page.

A price of nothing is kept as text without an amount: shops write 0 for "ask", "sold out" and "choose an option". The
first price of a listing is what a visitor pays; the price of members or of many pieces stands after it, named.
"""

import html
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.families._html import HtmlError, absolute_url, load_html_text, site_root, text_of
from crawlers.families._json import JsonValue, as_decimal, as_text, look_up
from crawlers.families._money import price_field
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._state import not_understood
from crawlers.families._text import one_line, tidy_text
from crawlers.soft_blocks import rate_limited
from domain.listing import Handle, HandleRole, Listing, PriceField, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

MOST_ITEMS = 1_000
MOST_TITLE = 500
MOST_TEXT = 20_000
MOST_MARKUP = 200_000
MOST_IMAGES = 10
CARD_SHOP = "card_shop"
NO_REACH = Reach()


def item_listing(
    page: Page,
    platform: str,
    external_id: str,
    url: str,
    title: str,
    *,
    texts: Iterable[str] = (),
    handles: Iterable[Handle] = (),
    prices: Iterable[PriceField | None] = (),
    reach: Reach = NO_REACH,
    posted_at: datetime | None = None,
    edited: bool = False,
    one_time: bool = False,
    language: str | None = None,
    images: Iterable[str | None] = (),
    links: Iterable[str] = (),
) -> Listing | None:
    """The listing of one item; None where the place gives it no id, no address or not a word."""
    said = one_line(title)[:MOST_TITLE]
    parts = list(dict.fromkeys(tidy for text in texts if (tidy := tidy_text(text).strip()) and tidy != said))
    if not external_id or not url or not (said or parts):
        return None
    return Listing(
        source=page.snapshot.source,
        external_id=external_id[:300],
        url=url,
        platform=platform,
        title=said,
        text="\n\n".join(parts)[:MOST_TEXT],
        observed_at=page.snapshot.fetched_at,
        posted_at=posted_at,
        edited=edited,
        one_time=one_time,
        language=language,
        handles=tuple(handles),
        prices=tuple(price for price in prices if price is not None),
        reach=reach,
        images=tuple(dict.fromkeys(image for image in images if image))[:MOST_IMAGES],
        links=tuple(dict.fromkeys(links)),
    )


def seller(platform: str, name: str, url: str | None = None) -> tuple[Handle, ...]:
    """The one who sells, or nobody where the place names nobody."""
    said = one_line(name)[:200]
    return (Handle(platform, said, HandleRole.SELLER, url),) if said else ()


def shop_owner(page: Page) -> tuple[Handle, ...]:
    """A shop on an address of its own: its host is the seller's name."""
    return seller(CARD_SHOP, host_of(page), site_of(page))


def site_of(page: Page) -> str:
    """`https://host[:port]` of the page, or an empty string for a saved file."""
    root = site_root(page.snapshot.url_answered)
    return root if root.startswith(("http://", "https://")) and host_of(page) else ""


def stated_price(value: JsonValue, currency: str | None, *, name: str = "", old: bool = False) -> PriceField | None:
    """A price field of an interface: a number, or a number as text with a point; None where the field is empty.

    `name` is how the place calls a price that is not the one a visitor pays.
    """
    stated = one_line(as_text(value))[:80]
    if not stated:
        return None
    text = f"{name} {stated}" if name else stated
    number = as_decimal(value)
    amount = price_field(stated, currency=currency, decimal_mark=".").amount if number is None or number > 0 else None
    return PriceField(text, amount if amount is None or amount.amount > 0 else None, old)


def rich_text(markup: str) -> str:
    """A description as text, whether it was written as HTML or plainly."""
    if "<" not in markup or ">" not in markup:
        return tidy_text(html.unescape(markup[:MOST_MARKUP]))[:MOST_TEXT]
    try:
        return text_of(load_html_text(markup[:MOST_MARKUP]))[:MOST_TEXT]
    except HtmlError:
        return ""


def localised(value: JsonValue, *languages: str) -> str:
    """A text that is given in several languages: in the first of these that there is, else in any."""
    if not isinstance(value, dict):
        return as_text(value)
    for language in languages:
        if text := as_text(value.get(language)):
            return text
    return next((text for found in value.values() if (text := as_text(found))), "")


def picture(value: JsonValue, base: str) -> str | None:
    """The absolute address of a picture; shops' own placeholders count for nothing."""
    address = as_text(value)
    return None if not address or address.startswith(("data:", "/favicon")) else absolute_url(address, base)


def items_reading(
    listings: Sequence[Listing | None], nothing: str, *, further: Iterable[FurtherRequest] = (), reason: str = ""
) -> Reading:
    """Fresh with what could be read, `nothing` said of a page without items; items of another shape are counted."""
    if not listings:
        return Reading(ReadingState.EMPTY, nothing)
    found = {listing.external_id: listing for listing in listings if listing is not None}
    skipped = sum(listing is None for listing in listings)
    problems = (f"{skipped} items of another shape were skipped",) if skipped else ()
    if not found:
        return Reading(ReadingState.NOT_UNDERSTOOD, "no item has the shape that is read here", problems=problems)
    return Reading(ReadingState.FRESH, reason, tuple(found.values()), tuple(further), problems=problems)


def paged_request(url: str, source: Source, usual: int, context: dict[str, str] | None = None) -> FurtherRequest:
    """The first of a list's numbered pages, with how many more may be asked for."""
    return FurtherRequest(url, {**(context or {}), "pages_left": str(page_bound(source, usual) - 1)})


def next_numbered(page: Page, parameter: str = "page", *, first: int = 1) -> tuple[FurtherRequest, ...]:
    """The same address with its page number raised, while the crawl's bound leaves any."""
    left = pages_left_in(page)
    if not left:
        return ()
    number = query_of(page).get(parameter, "")
    following = int(number) + 1 if number.isascii() and number.isdigit() and len(number) < 7 else first + 1
    url = with_query(page.snapshot.url_asked, {parameter: str(following)})
    return (FurtherRequest(url, {**page.snapshot.context, "pages_left": str(left - 1)}),) if url else ()


def place_of(url: str) -> tuple[str, str]:
    """Host and path of an address, in lower case and as they stand; empty strings for what is no address."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""


def host_of(page: Page) -> str:
    """The host that answered, or an empty string for a saved file."""
    return place_of(page.snapshot.url_answered)[0]


def query_of(page: Page) -> dict[str, str]:
    """The parameters of the address that was asked for."""
    try:
        return dict(parse_qsl(urlsplit(page.snapshot.url_asked).query[:4_096], keep_blank_values=True))
    except ValueError:
        return {}


def with_query(url: str, changes: dict[str, str]) -> str:
    """The address with these parameters set; an empty string for what is no http(s) address."""
    try:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    return urlunsplit(parts._replace(query=urlencode({**query, **changes})))


def error_reading(page: Page, code: JsonValue, message: str) -> Reading:
    """What an interface says instead of data: patience where it asks for that, else not understood with its words."""
    said = one_line(message)[:200]
    if as_text(code) == "429" or any(
        word in said.lower() for word in ("too many", "rate limit", "频繁", "слишком часто")
    ):
        return rate_limited(page, f"the place asks for patience: {said}")
    return not_understood(f"the interface answers with code {as_text(code) or 'unknown'}: {said}")


def total_of(value: JsonValue, *path: str) -> int:
    """A stated total, 0 where none stands there."""
    number = as_decimal(look_up(value, *path))
    return int(number) if number is not None and 0 <= number < 10**9 else 0
