"""V2EX: the open interface of topics by node, and of their replies, in its first and its second version."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from crawlers.families._forum import author, author_role, links_in, trade_context, trade_places_in
from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonValue, as_count, as_decimal, as_object, as_text
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._shop import error_reading, host_of, item_listing, items_reading, place_of, query_of, rich_text
from crawlers.families._state import empty, gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_epoch
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "v2ex"
ROOT = "https://www.v2ex.com"
TRADE_NODES = ("all4all", "exchange", "promotions", "free")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The newest topics of each of `nodes`, the latest or hottest of `lists` (latest, hot), and each of `topics`.

    A start URL without a path gives another root.
    """
    roots = [site_root(url) for url in source.start_urls if not place_of(url)[1].strip("/")] or [ROOT]
    context = trade_context(source)
    paths = [f"/api/topics/show.json?node_name={quote(node)}" for node in source.options.get("nodes", ())]
    paths += [f"/api/topics/{quote(name)}.json" for name in source.options.get("lists", ())]
    paths += [f"/api/topics/show.json?id={quote(number)}" for number in source.options.get("topics", ())]
    return tuple(FurtherRequest(f"{root}{path}", context) for root in roots for path in paths)


def _own_refusal(page: Page) -> Reading | None:
    if page.snapshot.status == 403 and b"Rate Limit" in page.body[:1_000]:
        return Reading(ReadingState.RATE_LIMITED, "the forum's limit of requests an hour is used up")
    return None


@reads(Expected("json", ('"node"', '"replies"', '"member"')), own=_own_refusal)
def read(page: Page) -> Reading:
    """Topics or replies."""
    value = json_of(page)
    if isinstance(value, dict):
        if "result" not in value:
            return _refused(page, value)
        stated = value["result"]
        value = stated if isinstance(stated, list) else [stated]
    if not isinstance(value, list):
        return not_understood("neither topics nor replies of V2EX: its layout may have changed")
    if value and all("topics" in as_object(item) and "title" in as_object(item) for item in value):
        return empty("nodes, and no topics")
    return items_reading([_listing(page, as_object(item)) for item in value], "no topics")


def _refused(page: Page, answer: Mapping[str, JsonValue]) -> Reading:
    said = as_text(answer.get("message"))
    number = query_of(page).get("id", "")
    if number and "not found" in said.lower():
        return gone(f"the forum says: {one_line(said)[:100]}", f"topic/{number}")
    if "name" in answer and "topics" in answer:
        return empty("a node, and no topics")
    return error_reading(page, as_text(answer.get("status")), said)


def _listing(page: Page, item: Mapping[str, JsonValue]) -> Listing | None:
    number, is_topic = as_text(item.get("id")), "title" in item
    if not number.isdigit() or not (is_topic or "content" in item):
        return None
    topic = number if is_topic else as_text(item.get("topic_id")) or query_of(page).get("topic_id", "")
    url = absolute_url(as_text(item.get("url")), ROOT) or f"{ROOT}/t/{topic}"
    node, member = as_object(item.get("node")), as_object(item.get("member"))
    markup = as_text(item.get("content_rendered")) or as_text(item.get("content"))
    title, name = as_text(item.get("title")), as_text(member.get("username"))
    places = (as_text(node.get("name")), as_text(node.get("title")))
    role = author_role(title, places, (*TRADE_NODES, *trade_places_in(page)))
    return item_listing(
        page,
        "forum",
        f"topic/{number}" if is_topic else f"reply/{number}",
        url,
        title,
        texts=(rich_text(markup), one_line(as_text(node.get("title")))),
        handles=author(NAME, name, f"{ROOT}/member/{quote(name)}" if name else None, role),
        reach=Reach(reviews=as_count(item.get("replies"))),
        posted_at=time_from_epoch(as_decimal(item.get("created"))),
        edited=_is_edited(item),
        one_time=True,
        links=links_in(markup, url),
    )


def _is_edited(item: Mapping[str, JsonValue]) -> bool:
    created, modified = as_decimal(item.get("created")), as_decimal(item.get("last_modified"))
    return created is not None and modified is not None and modified > created


def recognise(page: Page) -> Recognition | None:
    """By its hosts and the shape of its topics."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    host = host_of(page)
    if host == "v2ex.com" or host.endswith(".v2ex.com"):
        yield Mark(ADDRESS, 0.9, f"host {host}")
    if carries(page, b'"last_touched"', b'"member"', b'"node"', b'"replies"'):
        yield Mark(ANSWER, 0.4, "shape of its topics")


FAMILY = Family(
    name=NAME, software="V2EX", platform="forum", read=read, first_requests=first_requests, recognise=recognise
)
