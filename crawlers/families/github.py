"""GitHub's REST interface: searches of repositories, code and issues, repositories, READMEs, issues and comments.

A README's sponsor tables hold other people's adverts: each row is a listing of its own, whose seller is the advertiser.
"""

from collections.abc import Iterable
from dataclasses import replace

from crawlers.families._github import (
    API,
    EXPECTED,
    api_request,
    api_root,
    next_page,
    refusal,
    repository_name,
    repository_of,
)
from crawlers.families._github_items import (
    code_listing,
    comment_listing,
    issue_listing,
    readme_listings,
    readme_text,
    repository_listing,
)
from crawlers.families._github_search import halves, search_continuation, search_requests
from crawlers.families._html import absolute_url, host_of, path_steps
from crawlers.families._json import JsonValue, as_array, as_object, as_text, load_json
from crawlers.families._paging import pages_left_in
from crawlers.families._recognition import ADDRESS, ANSWER, HEADER, Mark, carries, recognition
from crawlers.families._recorded import recorded_pages
from crawlers.families._state import empty, not_understood, reads
from crawlers.families._text import decode_body
from crawlers.family import Family, Recognition
from domain.listing import Listing
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "github"
MOST_READMES = 100


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The searches of the source's options, and every start URL (a repository, a README, an issue) of the interface."""
    direct = []
    for url in source.start_urls:
        name = repository_of(url)
        if host_of(url) == "github.com" and name:
            direct.append(api_request(f"{API}/repos/{name}/readme", {"repository": name}))
        elif path_steps(url):
            direct.append(api_request(url, {}))
    return (*search_requests(source), *direct)


def read(page: Page) -> Reading:
    """An answer of the interface; a recording of several is read one by one and put together."""
    recorded = recorded_pages(page)
    return _together([_read(answer) for answer in recorded]) if recorded else _read(page)


def _own_refusal(page: Page) -> Reading | None:
    refused = refusal(page)
    if refused is not None and page.snapshot.status == 422 and refused.state is ReadingState.EMPTY:
        return replace(refused, further=halves(page))
    return refused


@reads(EXPECTED, own=_own_refusal)
def _read(page: Page) -> Reading:
    if _is_raw_text(page):
        return _read_readme(page, decode_body(page.body, page.snapshot.headers.get("content-type", "")), None)
    value = load_json(page.body, page.snapshot.headers.get("content-type", ""))
    if isinstance(value, list):
        return _read_list(page, [as_object(item) for item in value])
    answer = as_object(value)
    if "total_count" in answer and "items" in answer:
        return _read_search(page, answer)
    if "full_name" in answer and "stargazers_count" in answer:
        return _fresh(page, [repository_listing(page, answer)])
    if "number" in answer and "title" in answer:
        return _fresh(page, [issue_listing(page, answer)])
    text = readme_text(answer)
    if text is not None:
        return _read_readme(page, text, as_text(answer.get("html_url")))
    if "names" in answer or "resources" in answer:
        return empty("an answer without anything that could be an offer")
    return not_understood("none of the answers of GitHub that are read here")


def _read_search(page: Page, answer: dict[str, JsonValue]) -> Reading:
    items = [as_object(item) for item in as_array(answer.get("items"))]
    further, problems = search_continuation(page, answer)
    if answer.get("incomplete_results") is True:
        problems = (*problems, "GitHub says that the results are incomplete")
    if not items:
        return Reading(ReadingState.EMPTY, "the search found nothing", further=further, problems=problems)
    listings = [_item_listing(page, item) for item in items]
    reading = _fresh(page, listings)
    return replace(reading, further=(*further, *_readme_requests(page, items)), problems=(*reading.problems, *problems))


def _item_listing(page: Page, item: dict[str, JsonValue]) -> Listing | None:
    if "path" in item and "repository" in item:
        return code_listing(page, item)
    if "number" in item:
        return issue_listing(page, item)
    return repository_listing(page, item)


def _read_list(page: Page, items: list[dict[str, JsonValue]]) -> Reading:
    """A list of issues, comments or repositories; a folder's files hold nothing to read."""
    if not items:
        return empty("the list is empty")
    if "issue_url" in items[0] or ("body" in items[0] and "number" not in items[0]):
        listings = [comment_listing(page, item) for item in items]
    elif "number" in items[0] or "full_name" in items[0]:
        listings = [_item_listing(page, item) for item in items]
    elif "path" in items[0] or "sha" in items[0]:
        return empty("a list of files")
    else:
        return not_understood("a list of none of the things that are read here")
    left, following = pages_left_in(page), next_page(page)
    further = (api_request(following, {"pages_left": str(left - 1)}),) if left and following else ()
    return replace(_fresh(page, listings), further=further)


def _read_readme(page: Page, text: str, html_url: str | None) -> Reading:
    url = absolute_url(html_url or "", "https://github.com/")
    stated = repository_name(page.snapshot.context.get("repository", ""))
    name = stated or (repository_of(url) if url else None) or repository_of(page.snapshot.url_asked)
    if name is None:
        return not_understood("a README of a repository that neither the answer nor the address names")
    if not text.strip():
        return empty("the README is empty")
    listings, leads = readme_listings(page, name, text, url or f"https://github.com/{name}")
    return Reading(ReadingState.FRESH, listings=listings, leads=leads)


def _readme_requests(page: Page, items: Iterable[dict[str, JsonValue]]) -> tuple[FurtherRequest, ...]:
    stated = page.snapshot.context.get("readmes", "0")
    most = min(int(stated), MOST_READMES) if stated.isascii() and stated.isdigit() and len(stated) < 6 else 0
    names = [name for item in items if (name := repository_name(as_text(item.get("full_name"))))]
    return tuple(api_request(f"{api_root(page)}/repos/{name}/readme", {"repository": name}) for name in names[:most])


def _fresh(page: Page, listings: Iterable[Listing | None]) -> Reading:
    """The listings that could be read; those that could not are counted."""
    every = list(listings)
    read_ones = tuple({item.external_id: item for item in every if item is not None}.values())
    skipped = sum(item is None for item in every)
    problems = (f"{skipped} items were of another shape and skipped",) if skipped else ()
    if not read_ones:
        return Reading(ReadingState.NOT_UNDERSTOOD, "no item has the shape that is read here", problems=problems)
    return Reading(ReadingState.FRESH, listings=read_ones, problems=problems)


def _is_raw_text(page: Page) -> bool:
    """A README asked for as raw text, by its content type or its place."""
    kind = page.snapshot.headers.get("content-type", "")
    host = host_of(page.snapshot.url_answered)
    begins = page.body.lstrip()[:1]
    if ".raw" in kind or "text/plain" in kind or "text/markdown" in kind or host == "raw.githubusercontent.com":
        return begins not in (b"{", b"[", b'"')
    return page.snapshot.url_asked.endswith((".md", "/readme")) and begins in (b"#", b"<", b"!")


def _together(readings: list[Reading]) -> Reading:
    """Several readings as one: fresh where any is, else the state of the last."""
    last = readings[-1]
    fresh = next((reading for reading in readings if reading.state is ReadingState.FRESH), last)
    return replace(
        fresh,
        listings=tuple(listing for reading in readings for listing in reading.listings),
        problems=tuple(problem for reading in readings for problem in reading.problems),
    )


def recognise(page: Page) -> Recognition | None:
    """By the interface's host, its headers, and the shape of its answers."""
    marks = []
    host = host_of(page.snapshot.url_answered)
    if host in ("api.github.com", "raw.githubusercontent.com"):
        marks.append(Mark(ADDRESS, 0.8, host))
    if "x-github-request-id" in page.snapshot.headers or "x-github-media-type" in page.snapshot.headers:
        marks.append(Mark(HEADER, 0.5, "x-github headers"))
    if carries(page, b"api.github.com", b'"url"') or carries(page, b"docs.github.com", b'"documentation_url"'):
        marks.append(Mark(ANSWER, 0.45, "addresses of the interface"))
    return recognition(NAME, marks)


FAMILY = Family(
    name=NAME, software="GitHub REST", platform="github", read=read, first_requests=first_requests, recognise=recognise
)
