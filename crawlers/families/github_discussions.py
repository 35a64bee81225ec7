"""GitHub discussions, which only its GraphQL interface can search: one read-only query, a fixed text with variables."""

import json
from collections.abc import Mapping

from crawlers.families._github import (
    API,
    EXPECTED,
    MOST_TEXT,
    PLATFORM,
    api_root,
    host_handle,
    refusal,
    repository_name,
    user_handle,
)
from crawlers.families._github_items import MOST_LINKS
from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text, look_up
from crawlers.families._markdown import plain_markdown
from crawlers.families._paging import page_bound, pages_left_in
from crawlers.families._recognition import ADDRESS, ANSWER, Mark, carries, recognition
from crawlers.families._recorded import recorded_pages
from crawlers.families._state import empty, gone, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_iso
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import rate_limited
from domain.listing import HandleRole, Listing, Reach
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "github_discussions"
ENDPOINT = f"{API}/graphql"
USUAL_PAGES = 3
QUERY = """
query Discussions($text: String!, $after: String) {
  search(type: DISCUSSION, query: $text, first: 50, after: $after) {
    discussionCount
    pageInfo { hasNextPage endCursor }
    nodes {
      __typename
      ... on Discussion {
        number title body url createdAt lastEditedAt upvoteCount
        author { login url }
        repository { nameWithOwner }
        comments(first: 20) { nodes { databaseId body url createdAt lastEditedAt author { login url } } }
      }
    }
  }
}
"""


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The first page of each of `queries`; `pages` bounds how many follow."""
    left = page_bound(source, USUAL_PAGES) - 1
    endpoint = next((f"{site_root(url)}/graphql" for url in source.start_urls), ENDPOINT)
    return tuple(_request(endpoint, query, None, left) for query in source.options.get("queries", ()))


def read(page: Page) -> Reading:
    """An answer of the GraphQL interface, also one that stands in a recording."""
    recorded = recorded_pages(page)
    return _read(recorded[0]) if len(recorded) == 1 else _read(page)


@reads(EXPECTED, own=refusal)
def _read(page: Page) -> Reading:
    answer = as_object(json_of(page))
    refused = _graphql_errors(page, as_array(answer.get("errors")))
    if refused is not None:
        return refused
    data = as_object(answer.get("data"))
    if not data:
        return not_understood("no data where an answer of GraphQL was expected")
    node = as_object(data.get("node"))
    nodes = [node] if node else [as_object(value) for value in as_array(look_up(data, "search", "nodes"))]
    if not nodes:
        return empty("the search found no discussions") if "search" in data else not_understood("not a search")
    listings = [listing for node in nodes for listing in _listings(page, node)]
    if not listings:
        return not_understood("no discussion has the fields that are asked for")
    return Reading(ReadingState.FRESH, listings=tuple(listings), further=_next(page, data))


def _graphql_errors(page: Page, errors: list[JsonValue]) -> Reading | None:
    if not errors:
        return None
    error = as_object(errors[0])
    kind, said = as_text(error.get("type")), one_line(as_text(error.get("message")))[:200]
    if kind == "RATE_LIMITED":
        return rate_limited(page, f"GitHub: {said}")
    if kind == "NOT_FOUND":
        return gone(f"GitHub: {said}")
    if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES"):
        return Reading(ReadingState.LOGIN_REQUIRED, f"GitHub: {said}")
    return not_understood(f"GitHub: {said or kind}")


def _listings(page: Page, node: Mapping[str, JsonValue]) -> list[Listing]:
    name = repository_name(as_text(look_up(as_object(node.get("repository")), "nameWithOwner")))
    number = as_count(node.get("number"))
    if name is None or number is None:
        return []
    url = f"https://github.com/{name}/discussions/{number}"
    found = [_listing(page, node, f"discussion/{name}#{number}", url, name, one_line(as_text(node.get("title")))[:500])]
    for value in as_array(look_up(as_object(node.get("comments")), "nodes")):
        comment = as_object(value)
        identity = as_count(comment.get("databaseId"))
        if identity is not None:
            found.append(_listing(page, comment, f"discussion_comment/{identity}", url, name, ""))
    return found


def _listing(page: Page, node: Mapping[str, JsonValue], external_id: str, url: str, name: str, title: str) -> Listing:
    text, links = plain_markdown(as_text(node.get("body")))
    return Listing(
        source=page.snapshot.source,
        external_id=external_id,
        url=absolute_url(as_text(node.get("url")), "https://github.com/") or url,
        platform=PLATFORM,
        title=title,
        text=text[:MOST_TEXT],
        observed_at=page.snapshot.fetched_at,
        posted_at=time_from_iso(as_text(node.get("createdAt"))),
        edited=bool(as_text(node.get("lastEditedAt"))),
        one_time=True,
        handles=user_handle(node.get("author"), HandleRole.SELLER) + host_handle(name),
        reach=Reach(reviews=as_count(node.get("upvoteCount"))),
        links=links[:MOST_LINKS],
    )


def _next(page: Page, data: Mapping[str, JsonValue]) -> tuple[FurtherRequest, ...]:
    info = as_object(look_up(as_object(data.get("search")), "pageInfo"))
    query, left = page.snapshot.context.get("query", ""), pages_left_in(page)
    cursor = as_text(info.get("endCursor"))[:500]
    if not (query and left and cursor and info.get("hasNextPage") is True):
        return ()
    return (_request(f"{api_root(page)}/graphql", query, cursor, left - 1),)


def _request(endpoint: str, query: str, after: str | None, left: int) -> FurtherRequest:
    body = json.dumps({"query": QUERY, "variables": {"text": query, "after": after}})
    return FurtherRequest(
        endpoint, {"query": query, "pages_left": str(left)}, {"content-type": "application/json"}, body
    )


def recognise(page: Page) -> Recognition | None:
    """By the GraphQL address together with the shape of a search for discussions."""
    marks = []
    if carries(page, b'"data"', b"iscussion"):
        marks.append(Mark(ANSWER, 0.3, "discussions in an answer of GraphQL"))
        if page.snapshot.url_answered.startswith(ENDPOINT):
            marks.append(Mark(ADDRESS, 0.9, "api.github.com/graphql"))
    return recognition(NAME, marks)


FAMILY = Family(
    name=NAME,
    software="GitHub GraphQL",
    platform="github",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
