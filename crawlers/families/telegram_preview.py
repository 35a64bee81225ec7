"""Telegram's public web preview: the list of a channel's posts at t.me/s/<name>, and the landing page in its stead.

Nearly every refusal comes as HTTP 200, so states are told by markup. A name that is absent, private, deleted or a
person's looks the same from outside: it is never taken as gone.
"""

from urllib.parse import quote

from lxml.html import HtmlElement

from crawlers.families._html import by_class, find_all, find_first, load_html, path_steps, site_root, text_of
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._state import empty, not_understood, reads
from crawlers.families._telegram import (
    PAGE_MARKS,
    channel_in_path,
    channel_of,
    landing_state,
    lossy_count,
    message_listing,
    post_error,
    post_id,
    recognise_telegram,
)
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.lead import Lead
from domain.listing import HandleRole, Listing
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "telegram_preview"
PREVIEW = "https://t.me"
MOST_PAGES = 50
USUAL_PAGES = 3


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """A list page per channel named in `channels` (or start URL), and one per channel and search in `queries`.

    `pages` bounds how many list pages a channel may be asked for in one crawl (3 unless said otherwise).
    """
    lists = [f"{PREVIEW}/s/{quote(name)}" for name in source.options.get("channels", ()) if name]
    lists += [f"{site_root(url)}/s/{quote(name)}" for url in source.start_urls if (name := channel_in_path(url))]
    lists = list(dict.fromkeys(lists))
    context = {"pages_left": str(page_bound(source, USUAL_PAGES, MOST_PAGES) - 1)}
    requests = [FurtherRequest(url, context) for url in lists]
    requests += [
        FurtherRequest(f"{url}?q={quote(query)}", {"pages_left": "0"})
        for url in lists
        for query in source.options.get("queries", ())
    ]
    return tuple(requests)


def _preview_refusal(page: Page) -> Reading | None:
    """A list address that leads to the landing page: a group, a preview switched off, a private or absent name."""
    snapshot = page.snapshot
    location = snapshot.headers.get("location", "") if snapshot.status in (301, 302, 303, 307, 308) else ""
    asked, led = channel_in_path(snapshot.url_asked), channel_in_path(location)
    if asked and led and asked.lower() == led.lower() and _is_list(snapshot.url_asked) and not _is_list(location):
        return Reading(ReadingState.LOGIN_REQUIRED, "no public preview: a group, a private or an absent name")
    return None


def _is_list(url: str) -> bool:
    return path_steps(url)[:1] == ["s"]


@reads(Expected("html", PAGE_MARKS), own=_preview_refusal)
def read(page: Page) -> Reading:
    """The posts of a list page, oldest first as the page has them, and the request for the page before it."""
    document = load_html(page)
    blocks = find_all(document, "[data-post]")
    if not blocks:
        return _without_posts(page, document)
    members = _members(document)
    listings: list[Listing] = []
    problems: list[str] = []
    ids: list[int] = []
    for block in blocks:
        number = post_id(block.get("data-post", ""))
        if number is None:
            problems.append("a post without a readable number was skipped")
            continue
        ids.append(number)
        listing = message_listing(page, block, members=members)
        if listing is not None:
            listings.append(listing)
    return Reading(
        ReadingState.FRESH if listings else ReadingState.EMPTY,
        "" if listings else "nothing to read here: service messages, stickers, voices or places only",
        listings=tuple(listings),
        further=_older_page(page, document, ids),
        leads=_leads(page, listings),
        problems=tuple(problems),
    )


def _without_posts(page: Page, document: HtmlElement) -> Reading:
    marks = by_class(document)
    if "tme_no_messages_found" in marks:
        return empty("no posts found: none match, or the preview was asked too fast")
    refused = post_error(marks, page.snapshot.url_asked) or landing_state(document, marks)
    if refused is not None:
        return refused
    if "tgme_channel_info" in marks or "tgme_channel_history" in marks:
        return empty("the channel shows no posts")
    return not_understood("neither posts nor a channel header: the preview's layout may have changed")


def _members(document: HtmlElement) -> int | None:
    for counter in find_all(document, "div.tgme_channel_info_counter"):
        if text_of(find_first(counter, ".counter_type")).startswith(("subscriber", "member")):
            return lossy_count(text_of(find_first(counter, ".counter_value")))
    return None


def _older_page(page: Page, document: HtmlElement, ids: list[int]) -> tuple[FurtherRequest, ...]:
    """The page before the lowest id that was really returned: albums swallow ids, so counting would skip posts."""
    pages_left = pages_left_in(page)
    has_older = find_first(document, "a[data-before]") is not None
    url = page.snapshot.url_answered
    channel = channel_in_path(url) if url.startswith("http") else None
    if not (pages_left and has_older and ids and channel) or min(ids) <= 1:
        return ()
    context = {"pages_left": str(pages_left - 1)}
    return (FurtherRequest(f"{site_root(url)}/s/{quote(channel)}?before={min(ids)}", context),)


def _leads(page: Page, listings: list[Listing]) -> tuple[Lead, ...]:
    """Channels whose posts are forwarded here may well be worth watching themselves."""
    found: dict[str, Lead] = {}
    for listing in listings:
        if not any(handle.role is HandleRole.FORWARDER for handle in listing.handles):
            continue
        for handle in listing.handles:
            if handle.role is HandleRole.SELLER and handle.url and (name := channel_of(handle.url)):
                url = f"{PREVIEW}/s/{quote(name)}"
                found.setdefault(url, Lead(url, "its post is forwarded here", page.snapshot.url_answered, NAME))
    return tuple(found.values())


def recognise(page: Page) -> Recognition | None:
    """A list or landing page by its host and its markup."""
    return recognise_telegram(page, NAME, ("tgme_channel_info", "tgme_channel_history", "tgme_page_wrap"))


FAMILY = Family(
    name=NAME,
    software="Telegram web preview",
    platform="telegram",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
