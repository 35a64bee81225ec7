"""Reddit through its interface for registered applications: new posts of communities, searches, and comments.

Without a token the site answers a page that blocks; the token is the operator's, and the terms want a review.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from crawlers.families._forum import author, author_role, trade_context, trade_places_in
from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonError, JsonValue, as_array, as_count, as_decimal, as_object, as_text, load_json
from crawlers.families._paging import pages_left_in
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._recorded import recorded_pages
from crawlers.families._shop import (
    error_reading,
    host_of,
    item_listing,
    items_reading,
    paged_request,
    place_of,
    with_query,
)
from crawlers.families._state import empty, gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_epoch
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "reddit"
API = "https://oauth.reddit.com"
SITE = "https://www.reddit.com"
_REMOVED_TEXTS = ("[removed]", "[deleted]")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The new posts of each of `communities`, a search there for each of `queries`, and the comments of `posts`.

    Without communities the queries are asked of all of Reddit. A start URL without a path gives another root.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [API]
    communities, queries = source.options.get("communities", ()), source.options.get("queries", ())
    fixed = {"limit": "100", "raw_json": "1"}
    paths = [f"/r/{quote(name)}/new?{urlencode(fixed)}" for name in communities if not queries]
    for query in queries:
        search = {"q": query, "sort": "new", "type": "link", **fixed}
        within = [f"/r/{quote(name)}/search?{urlencode({**search, 'restrict_sr': '1'})}" for name in communities]
        paths += within or [f"/search?{urlencode(search)}"]
    paths += [f"/comments/{quote(number)}?{urlencode(fixed)}" for number in source.options.get("posts", ())]
    return tuple(paged_request(f"{root}{path}", source, 1, trade_context(source)) for root in roots for path in paths)


def read(page: Page) -> Reading:
    """A listing of the interface; a recording is read as the answer within it."""
    recorded = recorded_pages(page)
    return _read(recorded[-1]) if recorded else _read(page)


def _own_refusal(page: Page) -> Reading | None:
    """The interface's reasons: private and quarantined communities want a login, banned ones are gone."""
    if page.snapshot.status not in (403, 404) or page.body.lstrip()[:1] != b"{":
        return None
    try:
        answer = as_object(load_json(page.body))
    except JsonError:
        return None
    reason = one_line(as_text(answer.get("reason")))[:50]
    if reason in ("private", "quarantined", "gold_only"):
        return Reading(ReadingState.LOGIN_REQUIRED, f"the community is {reason}")
    if reason == "banned":
        steps = [step for step in place_of(page.snapshot.url_asked)[1].split("/") if step]
        return gone("the community is banned", *([f"r/{steps[1]}"] if steps[:1] == ["r"] and len(steps) > 1 else []))
    return None


@reads(Expected("json", ('"kind"', '"children"')), own=_own_refusal)
def _read(page: Page) -> Reading:
    value = json_of(page)
    things = [as_object(each) for each in (value if isinstance(value, list) else [value])]
    if not all(thing.get("kind") == "Listing" for thing in things) or not things:
        return _without_posts(page, things)
    children = [
        as_object(child) for thing in things for child in as_array(as_object(thing.get("data")).get("children"))
    ]
    entries = [as_object(child.get("data")) for child in children if as_text(child.get("kind")) in ("t1", "t3")]
    if children and not entries:
        return empty("communities or other things, and no posts")
    removed = tuple(
        as_text(entry.get("name")) for entry in entries if _is_removed(entry) and as_text(entry.get("name"))
    )
    shown = [entry for entry in entries if not _is_removed(entry)]
    further = _next_page(page, as_text(as_object(things[0].get("data")).get("after"))) if len(things) == 1 else ()
    reading = items_reading([_listing(page, entry) for entry in shown], "no posts", further=further)
    return replace(reading, gone_ids=removed)


def _without_posts(page: Page, things: list[dict[str, JsonValue]]) -> Reading:
    answer = things[0] if things else {}
    if "error" in answer or "message" in answer:
        return error_reading(page, answer.get("error"), as_text(answer.get("message")))
    if page.snapshot.status in (301, 302, 303, 307, 308):
        return not_understood("a redirect where a listing was asked for")
    return empty("an answer without posts") if "kind" in answer else not_understood("no listing of Reddit")


def _next_page(page: Page, after: str) -> tuple[FurtherRequest, ...]:
    left = pages_left_in(page)
    plain = after.replace("_", "")
    if not left or not (plain.isascii() and plain.isalnum() and len(after) < 30):
        return ()
    url = with_query(page.snapshot.url_asked, {"after": after})
    return (FurtherRequest(url, {**page.snapshot.context, "pages_left": str(left - 1)}),) if url else ()


def _is_removed(entry: Mapping[str, JsonValue]) -> bool:
    """A moderator, Reddit or the author has taken it down; the place says so in as many words."""
    text = as_text(entry.get("selftext")) or as_text(entry.get("body"))
    return bool(as_text(entry.get("removed_by_category"))) or text.strip() in _REMOVED_TEXTS


def _listing(page: Page, entry: Mapping[str, JsonValue]) -> Listing | None:
    name = one_line(as_text(entry.get("name")))[:30]
    if not name.startswith(("t1_", "t3_")):
        return None
    by, community = as_text(entry.get("author")), one_line(as_text(entry.get("subreddit")))
    own_title = as_text(entry.get("title"))
    flair = one_line(as_text(entry.get("link_flair_text")))
    outside = absolute_url(as_text(entry.get("url")), SITE)
    is_own = outside is not None and place_of(outside)[1].startswith("/r/")
    role = author_role(own_title, (community, flair), trade_places_in(page))
    return item_listing(
        page,
        "forum",
        name,
        absolute_url(as_text(entry.get("permalink")), SITE) or f"{SITE}/{name}",
        own_title or as_text(entry.get("link_title")),
        texts=(as_text(entry.get("selftext")) or as_text(entry.get("body")), flair, "" if is_own else outside or ""),
        handles=author(NAME, by, f"{SITE}/user/{quote(by)}" if by else None, role),
        reach=Reach(reviews=as_count(entry.get("num_comments"))),
        posted_at=time_from_epoch(as_decimal(entry.get("created_utc"))),
        edited=as_decimal(entry.get("edited")) is not None,
        one_time=True,
        links=() if is_own or outside is None else (outside,),
    )


def recognise(page: Page) -> Recognition | None:
    """By its hosts and the shape of its listings."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    host = host_of(page)
    if host == "reddit.com" or host.endswith(".reddit.com"):
        yield Mark(ADDRESS, 0.9, f"host {host}")
    if carries(page, b'"Listing"', b'"children"', b'"t3"'):
        yield Mark(ANSWER, 0.4, "shape of its listings")


FAMILY = Family(
    name=NAME, software="Reddit", platform="forum", read=read, first_requests=first_requests, recognise=recognise
)
