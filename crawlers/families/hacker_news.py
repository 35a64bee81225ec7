"""Hacker News through the open search interface of Algolia: stories and comments, newest first."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from crawlers.families._forum import author, author_role, links_in, trade_context, trade_places_in
from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_decimal, as_object, as_text
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._shop import (
    error_reading,
    host_of,
    item_listing,
    items_reading,
    next_numbered,
    paged_request,
    place_of,
    query_of,
    rich_text,
)
from crawlers.families._state import gone, json_of, not_understood, reads
from crawlers.families._time import time_from_epoch
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, Reach
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "hacker_news"
API = "https://hn.algolia.com"
SITE = "https://news.ycombinator.com"
PAGE_SIZE = 100


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """A search by date for each of `queries` among `tags` (story and comment), and each of `items`.

    A start URL without a path gives another root.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [API]
    tags = f"({','.join(source.options.get('tags', ('story', 'comment')))})"
    context = trade_context(source)
    fixed = {"tags": tags, "hitsPerPage": str(PAGE_SIZE), "page": "0"}
    searches = [
        paged_request(f"{root}/api/v1/search_by_date?{urlencode({'query': query, **fixed})}", source, 1, context)
        for root in roots
        for query in source.options.get("queries", ())
    ]
    items = [
        FurtherRequest(f"{root}/api/v1/items/{quote(number)}", context)
        for root in roots
        for number in source.options.get("items", ())
    ]
    return (*searches, *items)


@reads(Expected("json", ('"hits"', '"objectid"')))
def read(page: Page) -> Reading:
    """A page of hits, or one item."""
    answer = as_object(json_of(page))
    if isinstance(answer.get("hits"), list):
        number = as_count(query_of(page).get("page")) or as_count(answer.get("page")) or 0
        pages = as_count(answer.get("nbPages")) or 0
        further = next_numbered(page, first=0) if number + 1 < pages else ()
        listings = [_listing(page, hit) for hit in as_array(answer["hits"])]
        return items_reading(listings, "the search found nothing", further=further)
    if "created_at_i" in answer and "id" in answer:
        return items_reading([_listing(page, answer)], "no item")
    head, _slash, number_asked = place_of(page.snapshot.url_asked)[1].rpartition("/")
    if page.snapshot.status == 404 and head.endswith("/items") and number_asked.isdigit():
        return gone("the interface has no such item", number_asked)
    if "message" in answer or "error" in answer:
        return error_reading(page, answer.get("status"), as_text(answer.get("message")) or as_text(answer.get("error")))
    return not_understood("neither hits nor an item: the interface may have changed")


def _listing(page: Page, value: JsonValue) -> Listing | None:
    hit = as_object(value)
    number = as_text(hit.get("objectID")) or as_text(hit.get("id"))
    if not number.isdigit():
        return None
    title = as_text(hit.get("title")) or as_text(hit.get("story_title"))
    markup = next((text for key in ("story_text", "comment_text", "text") if (text := as_text(hit.get(key)))), "")
    name = as_text(hit.get("author"))
    outside = absolute_url(as_text(hit.get("url")), SITE)
    own_title = as_text(hit.get("title"))
    role = author_role(own_title, (), trade_places_in(page))
    url = f"{SITE}/item?id={number}"
    return item_listing(
        page,
        "forum",
        number,
        url,
        title,
        texts=(rich_text(markup), outside or ""),
        handles=author(NAME, name, f"{SITE}/user?id={quote(name)}" if name else None, role),
        reach=Reach(reviews=as_count(hit.get("num_comments"))),
        posted_at=time_from_epoch(as_decimal(hit.get("created_at_i"))),
        one_time=True,
        links=(*((outside,) if outside else ()), *links_in(markup, url)),
    )


def recognise(page: Page) -> Recognition | None:
    """By its host and the shape of its hits."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if host_of(page) == "hn.algolia.com":
        yield Mark(ADDRESS, 0.9, "host hn.algolia.com")
    if carries(page, b'"hits"', b'"objectID"', b'"created_at_i"'):
        yield Mark(ANSWER, 0.4, "shape of its hits")


FAMILY = Family(
    name=NAME,
    software="Hacker News (Algolia)",
    platform="forum",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
