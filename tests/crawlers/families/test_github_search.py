"""Searches: what is asked for first, and how a search that has more than it shows is cut up without more requests."""

import json
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from crawlers.families._github_search import SearchOptionError, search_requests
from crawlers.families.github import read
from domain.source import Source
from tests.crawlers.families.golden import page_of


def _source(*urls: str, **options: tuple[str, ...]) -> Source:
    return Source("github/test", "github", urls, "a test", "us", timedelta(days=1), options)


def test_a_request_for_every_query_kind_and_span() -> None:
    source = _source(
        queries=("claude api", "gpt plus"),
        kinds=("repositories", "code"),
        pushed=("2026-01-01..2026-06-30", "2026-07-01..2026-12-31"),
        pages=("5",),
    )
    requests = search_requests(source)
    assert len(requests) == 6
    assert requests[0].url == (
        "https://api.github.com/search/repositories?q=claude+api+pushed%3A2026-01-01..2026-06-30"
        "&per_page=100&sort=updated&order=desc"
    )
    assert requests[2].url == "https://api.github.com/search/code?q=claude+api&per_page=100"
    assert requests[0].context["pages_left"] == "4"
    assert requests[0].headers["accept"] == "application/vnd.github.text-match+json"


def test_the_interface_may_be_served_elsewhere() -> None:
    (request,) = search_requests(_source("http://127.0.0.1:8080", queries=("claude",)))
    assert request.url.startswith("http://127.0.0.1:8080/search/repositories?")


@pytest.mark.parametrize(
    "options", [{"kinds": ("wikis",)}, {"created": ("last week",)}, {"created": ("2026-02-02..2026-01-01",)}]
)
def test_options_that_mean_nothing_are_told(options: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(SearchOptionError, match="github/test"):
        search_requests(_source(queries=("claude",), **options))


def test_cutting_shares_out_the_pages_and_reaches_every_day() -> None:
    """A search with 7,000 results over 100 days, walked to its end within the pages that were allowed."""
    (first,) = search_requests(_source(queries=("q",), created=("2026-01-01..2026-04-10",), pages=("60",)))
    waiting, asked, days = [first], 0, set()
    while waiting:
        request = waiting.pop()
        asked += 1
        span = parse_qs(urlsplit(request.url).query)["q"][0].partition("created:")[2]
        start, _dots, end = span.partition("..")
        count = 70 * (int(_day(end)) - int(_day(start)) + 1)
        more = count > 100 and "page=" not in request.url.replace("per_page=", "")
        link = {"link": f'<{request.url}&page=2>; rel="next"'} if more else {}
        body = {"total_count": count, "incomplete_results": False, "items": [{"full_name": "a/b"}]}
        reading = read(page_of(json.dumps(body), request.url, headers=link, context=request.context))
        if count <= 1000:
            days.update(range(_day(start), _day(end) + 1))
        waiting += reading.further
    assert asked <= 60
    assert len(days) == 100


def _day(iso: str) -> int:
    return (date.fromisoformat(iso) - date(2026, 1, 1)).days


def test_the_next_page_is_followed_on_the_same_server_only() -> None:
    body = '{"total_count": 200, "items": [{"full_name": "a/b"}]}'
    asked = "https://api.github.com/search/repositories?q=x"
    elsewhere = {"link": '<https://evil.example.test/search?page=2>; rel="next"'}
    assert read(page_of(body, asked, headers=elsewhere, context={"pages_left": "3"})).further == ()
    here = {"link": f'<{asked}&page=2>; rel="next"'}
    assert [r.url for r in read(page_of(body, asked, headers=here, context={"pages_left": "3"})).further] == [
        f"{asked}&page=2"
    ]
    assert read(page_of(body, asked, headers=here, context={"pages_left": "0"})).further == ()
