"""Discourse: lists of topics, topics with their posts, and the newest posts, as the forum's own pages load them.

Its usual robots.txt closes `/search`, so searches are never asked for: lists by latest, category and tag are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from crawlers.families._forum import FORUM, author, author_role, links_in, trade_context, trade_places_in
from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonError, JsonValue, as_array, as_count, as_object, as_text, load_json, look_up
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._recognition import ANSWER, HEADER, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._shop import host_of, item_listing, items_reading, place_of, rich_text, site_of
from crawlers.families._state import empty, gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_iso
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import DAY_SECONDS, Expected, rate_limited
from domain.errors import UndercutError
from domain.listing import Handle, Listing, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "discourse"
MOST_TOPICS = 100
USUAL_TOPICS = 10


class DiscourseSearchError(UndercutError):
    """A source asks for a forum's search, which its robots.txt closes by default."""


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """For each forum: its `categories` ("slug/5"), `tags` and `topics` (numbers), or its latest topics without any.

    `pages` bounds the list pages, `topics_each` how many topics of each are opened (10). Raises DiscourseSearchError.
    """
    if any("/search" in place_of(url)[1] for url in source.start_urls):
        raise DiscourseSearchError("Discourse closes /search to programs; name categories, tags or topics instead")
    each = next(iter(source.options.get("topics_each", ())), str(USUAL_TOPICS))
    context = {**trade_context(source), "topics_each": each, "pages_left": str(page_bound(source, 1) - 1)}
    requests: list[FurtherRequest] = []
    for url in source.start_urls:
        root = site_root(url)
        paths = [f"/c/{quote(name)}/l/latest.json" for name in source.options.get("categories", ())]
        paths += [f"/tag/{quote(name)}.json" for name in source.options.get("tags", ())]
        paths += [f"/t/{quote(number)}.json" for number in source.options.get("topics", ())]
        if place_of(url)[1].endswith(".json"):
            paths = [url.removeprefix(root)]
        requests += [FurtherRequest(f"{root}{path}", context) for path in paths or ["/latest.json?no_definitions=true"]]
    return tuple(requests)


def _own_refusal(page: Page) -> Reading | None:
    """The forum's own errors, which say more than their status."""
    if page.snapshot.status < 400 or b'"error_type"' not in page.body[:4_096]:
        return None
    try:
        answer = as_object(load_json(page.body))
    except JsonError:
        return None
    kind = as_text(answer.get("error_type"))
    said = one_line("; ".join(as_text(each) for each in as_array(answer.get("errors"))[:3]))[:200]
    if kind == "rate_limit":
        waits = as_count(look_up(answer, "extras", "wait_seconds"))
        limited = rate_limited(page, f"the forum asks for patience: {said}")
        return replace(limited, retry_after_seconds=min(waits, DAY_SECONDS)) if waits is not None else limited
    if kind in ("invalid_access", "not_logged_in"):
        return Reading(ReadingState.LOGIN_REQUIRED, f"the forum shows this to members only: {said}")
    topic = _topic_in(page.snapshot.url_asked)
    if kind in ("not_found", "deleted") or page.snapshot.status == 410:
        return gone(f"the forum says: {said or kind}", f"topic/{topic}") if topic else not_understood(said or kind)
    return None


@reads(Expected("json", ('"topic_list"', '"post_stream"', '"latest_posts"')), own=_own_refusal)
def read(page: Page) -> Reading:
    """A list of topics (which leads to the topics), a topic, or posts."""
    value = json_of(page)
    answer = as_object(value)
    if isinstance(answer.get("topic_list"), dict):
        return _topic_list(page, answer)
    if isinstance(answer.get("post_stream"), dict):
        return _topic(page, answer)
    for key in ("latest_posts", "posts"):
        if isinstance(answer.get(key), list):
            return _posts(page, as_array(answer[key]), {}, "no posts")
    if "category_list" in answer:
        return empty("categories, and no topics")
    if isinstance(value, list) and value and all("results" in as_object(group) for group in value):
        return empty("results of a search, which is not what is read here")
    return not_understood("neither topics nor posts of Discourse: its layout may have changed")


def _topic_list(page: Page, answer: Mapping[str, JsonValue]) -> Reading:
    stated = as_object(answer.get("topic_list"))
    topics = [as_object(topic) for topic in as_array(stated.get("topics"))]
    users = {as_text(look_up(user, "id")): as_text(look_up(user, "username")) for user in as_array(answer.get("users"))}
    further = (*_opened(page, topics), *_next_list(page, as_text(stated.get("more_topics_url"))))
    return items_reading([_topic_listing(page, topic, users) for topic in topics], "no topics", further=further)


def _opened(page: Page, topics: Iterable[Mapping[str, JsonValue]]) -> Iterator[FurtherRequest]:
    stated = page.snapshot.context.get("topics_each", "0")
    most = min(int(stated), MOST_TOPICS) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 0
    numbers = [number for topic in topics if (number := as_text(topic.get("id"))).isdigit()]
    carried = {key: value for key, value in page.snapshot.context.items() if key == "trade_places"}
    for number in list(dict.fromkeys(numbers))[:most]:
        if root := site_of(page):
            yield FurtherRequest(f"{root}/t/{number}.json", carried)


def _next_list(page: Page, more: str) -> tuple[FurtherRequest, ...]:
    left, root = pages_left_in(page), site_of(page)
    url = absolute_url(more, root) if more and root else None
    if not left or url is None or site_root(url) != root:
        return ()
    path, mark, query = url.partition("?")
    named = path if path.endswith(".json") else f"{path}.json"
    return (FurtherRequest(f"{named}{mark}{query}", {**page.snapshot.context, "pages_left": str(left - 1)}),)


def _topic_listing(page: Page, topic: Mapping[str, JsonValue], users: Mapping[str, str]) -> Listing | None:
    """A topic as a list shows it: its title and, where there is one, the beginning of its first post."""
    number, title = as_text(topic.get("id")), as_text(topic.get("title"))
    if not number.isdigit():
        return None
    posters = [as_object(poster) for poster in as_array(topic.get("posters"))]
    first = next((poster for poster in posters if "Original" in as_text(poster.get("description"))), {})
    name = users.get(as_text(first.get("user_id")), "")
    return item_listing(
        page,
        FORUM,
        f"topic/{number}",
        _topic_url(page, topic, number),
        title,
        texts=(rich_text(as_text(topic.get("excerpt"))), _tags(topic)),
        handles=_author(page, name, title, topic),
        reach=Reach(views=as_count(topic.get("views"))),
        posted_at=time_from_iso(as_text(topic.get("created_at"))),
        one_time=True,
    )


def _topic(page: Page, answer: dict[str, JsonValue]) -> Reading:
    posts = as_array(look_up(answer, "post_stream", "posts"))
    return _posts(page, posts, answer, "the topic shows no posts")


def _posts(page: Page, posts: list[JsonValue], topic: Mapping[str, JsonValue], nothing: str) -> Reading:
    removed = tuple(f"post/{as_text(look_up(post, 'id'))}" for post in posts if _is_removed(as_object(post)))
    shown = [post for post in posts if not _is_removed(as_object(post))]
    reading = items_reading([_post_listing(page, as_object(post), topic) for post in shown], nothing)
    return replace(reading, gone_ids=removed)


def _is_removed(post: Mapping[str, JsonValue]) -> bool:
    return bool(as_text(post.get("deleted_at"))) or post.get("user_deleted") is True


def _post_listing(page: Page, post: Mapping[str, JsonValue], topic: Mapping[str, JsonValue]) -> Listing | None:
    number, cooked = as_text(post.get("id")), as_text(post.get("cooked"))
    if not number.isdigit() or not ("cooked" in post or "blurb" in post):
        return None
    title = as_text(topic.get("title")) or as_text(post.get("topic_title"))
    topic_id = as_text(post.get("topic_id")) or as_text(topic.get("id"))
    url = _topic_url(page, {**topic, **post}, topic_id)
    is_first = as_count(post.get("post_number")) == 1
    return item_listing(
        page,
        FORUM,
        f"post/{number}",
        f"{url}/{as_text(post.get('post_number'))}" if not is_first else url,
        title,
        texts=(rich_text(cooked) or rich_text(as_text(post.get("blurb"))), _tags(topic) if is_first else ""),
        # A reply under a trader's title is not the trader's own.
        handles=_author(page, as_text(post.get("username")), title if is_first else "", topic if is_first else {}),
        reach=Reach(views=as_count(topic.get("views")) if is_first else as_count(post.get("reads"))),
        posted_at=time_from_iso(as_text(post.get("created_at"))),
        edited=(as_count(post.get("version")) or 1) > 1,
        one_time=True,
        links=links_in(cooked, url),
    )


def _topic_url(page: Page, topic: Mapping[str, JsonValue], number: str) -> str:
    slug = as_text(topic.get("slug")) or as_text(topic.get("topic_slug"))
    root = site_of(page)
    return f"{root}/t/{quote(slug) or '-'}/{number}" if root else page.snapshot.url_answered


def _topic_in(url: str) -> str:
    steps = [step.removesuffix(".json") for step in place_of(url)[1].split("/") if step]
    return next((step for step in steps[1:] if step.isascii() and step.isdigit()), "") if steps[:1] == ["t"] else ""


def _tags(topic: Mapping[str, JsonValue]) -> str:
    return ", ".join(text for tag in as_array(topic.get("tags"))[:20] if (text := _tag(tag)))


def _tag(tag: JsonValue) -> str:
    return one_line(as_text(tag) or as_text(as_object(tag).get("name")))


def _author(page: Page, name: str, title: str, topic: Mapping[str, JsonValue]) -> tuple[Handle, ...]:
    places = [as_text(topic.get("category_id")), *(_tag(tag) for tag in as_array(topic.get("tags"))[:20])]
    asked = place_of(page.snapshot.url_asked)[1].split("/")
    places += asked[2:4] if asked[1:2] == ["c"] else []
    root, host = site_of(page), host_of(page)
    role = author_role(title, places, trade_places_in(page))
    return author(FORUM, f"{name}@{host}" if name else "", f"{root}/u/{quote(name)}" if root else None, role)


def recognise(page: Page) -> Recognition | None:
    """By its page's generator, its headers and its answers."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if head_of(page).generator.startswith("Discourse"):
        yield Mark(MARKUP, 0.7, "generator Discourse")
    if carries(page, b"data-discourse-setup") or carries(page, b"discourse-presence"):
        yield Mark(MARKUP, 0.5, "its page's settings")
    if "x-discourse-route" in page.snapshot.headers:
        yield Mark(HEADER, 0.7, "x-discourse-route")
    if carries(page, b'"topic_list"', b'"more_topics_url"') or carries(page, b'"post_stream"', b'"cooked"'):
        yield Mark(ANSWER, 0.45, "shape of its lists")


FAMILY = Family(
    name=NAME, software="Discourse", platform=FORUM, read=read, first_requests=first_requests, recognise=recognise
)
