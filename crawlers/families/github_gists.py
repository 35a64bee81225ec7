"""Gists: texts that anyone may post without a repository, as lists and one by one with their content."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from crawlers.families._github import (
    API,
    EXPECTED,
    MOST_TEXT,
    PLATFORM,
    api_request,
    api_root,
    next_page,
    refusal,
    user_handle,
)
from crawlers.families._github_items import MOST_LINKS
from crawlers.families._html import absolute_url
from crawlers.families._json import JsonValue, as_array, as_object, as_text
from crawlers.families._markdown import plain_markdown
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_iso
from crawlers.family import Family, Recognition
from domain.listing import HandleRole, Listing
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "github_gists"
USUAL_PAGES = 1
MOST_WHOLE = 100


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The gists of each of `users`, each of `gists` by id, and the newest public ones where neither is named.

    `pages` bounds the pages of each list, `whole` how many gists of a page are then read with their content.
    """
    context = {
        "pages_left": str(page_bound(source, USUAL_PAGES) - 1),
        "whole": next(iter(source.options.get("whole", ())), "0"),
    }
    root = next((url.rstrip("/") for url in source.start_urls), API)
    users, gists = source.options.get("users", ()), source.options.get("gists", ())
    urls = [f"{root}/users/{quote(user, safe='')}/gists?per_page=100" for user in users]
    requests = [api_request(url, context) for url in urls]
    requests += [api_request(f"{root}/gists/{quote(gist, safe='')}", {}) for gist in gists]
    return tuple(requests) or (api_request(f"{root}/gists/public?per_page=100", context),)


@reads(EXPECTED, own=refusal)
def read(page: Page) -> Reading:
    """A list of gists, or one gist with its files."""
    value = json_of(page)
    if isinstance(value, dict):
        listing = _listing(page, value)
        return Reading(ReadingState.FRESH, listings=(listing,)) if listing else not_understood("not a gist")
    items = [as_object(item) for item in as_array(value)]
    if not items:
        return empty("no gists")
    listings = [listing for item in items if (listing := _listing(page, item)) is not None]
    if not listings:
        return not_understood("a list of things that are not gists")
    skipped = len(items) - len(listings)
    reading = Reading(ReadingState.FRESH, listings=tuple(listings), further=_further(page, listings))
    return replace(reading, problems=(f"{skipped} items were no gists",)) if skipped else reading


def _listing(page: Page, item: Mapping[str, JsonValue]) -> Listing | None:
    gist = one_line(as_text(item.get("id")))[:80]
    files = as_object(item.get("files"))
    if not gist or not files:
        return None
    contents = [as_text(as_object(file).get("content")) for file in files.values()]
    names = [one_line(name) for name in files]
    text, links = plain_markdown("\n\n".join([", ".join(names), *(content for content in contents if content)]))
    return Listing(
        source=page.snapshot.source,
        external_id=f"gist/{gist}",
        url=absolute_url(as_text(item.get("html_url")), "https://gist.github.com/")
        or f"https://gist.github.com/{gist}",
        platform=PLATFORM,
        title=one_line(as_text(item.get("description")))[:500],
        text=text[:MOST_TEXT],
        observed_at=page.snapshot.fetched_at,
        posted_at=time_from_iso(as_text(item.get("created_at"))),
        edited=as_text(item.get("updated_at")) != as_text(item.get("created_at")),
        handles=user_handle(item.get("owner"), HandleRole.SELLER),
        links=links[:MOST_LINKS],
    )


def _further(page: Page, listings: list[Listing]) -> tuple[FurtherRequest, ...]:
    """The next page of the list, and some of its gists with their content, which the list leaves out."""
    context = page.snapshot.context
    stated = context.get("whole", "0")
    whole = min(int(stated), MOST_WHOLE) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 0
    further = [
        api_request(f"{api_root(page)}/gists/{quote(listing.external_id.partition('/')[2], safe='')}", {})
        for listing in listings[:whole]
    ]
    left, following = pages_left_in(page), next_page(page)
    if left and following:
        further.append(api_request(following, {**context, "pages_left": str(left - 1)}))
    return tuple(further)


def recognise(page: Page) -> Recognition | None:
    """By the interface's host together with the shape of a gist."""
    marks = []
    if carries(page, b'"git_pull_url"', b"gist.github.com", b'"files"'):
        marks.append(Mark(ANSWER, 0.48, "shape of a gist"))
        if page.snapshot.url_answered.startswith(f"{API}/"):
            marks.append(Mark(ADDRESS, 0.92, "api.github.com"))
    return recognition(NAME, marks)


FAMILY = Family(
    name=NAME, software="GitHub gists", platform="github", read=read, first_requests=first_requests, recognise=recognise
)
