"""The code host answers in the shapes of the true interface: envelopes, paging, limits, conditional requests."""

import base64
import json

import pytest

from street.messages import Request
from street.sites._github_limits import BUCKETS
from street.sites.github import Interface

TOKEN = {"Authorization": "Bearer any"}


def test_a_repository_search_has_its_envelope_and_its_limit(ask) -> None:
    answer = ask("github", "/search/repositories?q=claude&sort=stars")
    found = json.loads(answer.text)
    assert (found["incomplete_results"], found["total_count"]) == (False, len(found["items"]))
    assert [item["stargazers_count"] for item in found["items"]] == sorted(
        (item["stargazers_count"] for item in found["items"]), reverse=True
    )
    assert {"full_name", "owner", "html_url", "description", "topics", "pushed_at", "created_at"} <= found["items"][
        0
    ].keys()
    assert answer.headers["x-ratelimit-resource"] == "search"
    assert int(answer.headers["x-ratelimit-remaining"]) < int(answer.headers["x-ratelimit-limit"])


def test_an_issue_search_shows_the_spam_and_who_wrote_it(ask) -> None:
    found = json.loads(ask("github", "/search/issues?q=claude+state:open").text)
    spam = next(item for item in found["items"] if item["number"] == 41)
    assert spam["user"]["login"] == "velvet-quartz-code-example"
    assert spam["repository_url"].endswith("/repos/driftwood-example/openrelay-hub")
    assert all(item["state"] == "open" for item in found["items"])


def test_a_code_search_wants_a_token_and_shows_fragments(ask) -> None:
    assert ask("github", "/search/code?q=claude").status == 401
    found = json.loads(ask("github", "/search/code?q=claude", TOKEN).text)
    hit = next(item for item in found["items"] if item["name"] == "SmtpTransport.php")
    assert hit["repository"]["full_name"] == "stackpebble-example/php-mailer-kit"
    assert "22%" in hit["text_matches"][0]["fragment"]


def test_a_readme_is_base64_in_lines_or_raw_as_asked(ask) -> None:
    path = "/repos/tidewise-example/ledger-proxy/readme"
    record = json.loads(ask("github", path).text)
    raw = ask("github", path, {"Accept": "application/vnd.github.raw+json"}).text
    assert record["encoding"] == "base64"
    assert max(map(len, record["content"].splitlines())) == 60
    assert base64.b64decode(record["content"]).decode() == raw
    assert '<td width="180">' in raw


def test_what_the_client_holds_costs_nothing() -> None:
    interface = Interface()
    request = Request("GET", "/repos/driftwood-example/openrelay-hub/readme", {"user-agent": "t"})
    first = interface.answer(request)
    again = interface.answer(
        Request("GET", request.target, {"user-agent": "t", "if-none-match": first.headers["ETag"]})
    )
    assert again.status == 304
    assert (
        again.headers["X-RateLimit-Used"] == first.headers["X-RateLimit-Used"]
        or again.headers["X-RateLimit-Used"] == "1"
    )


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/repos/nobody-example/nothing/readme", 404, "Not Found"),
        ("/repos/stackpebble-example/php-mailer-kit/readme", 404, "Not Found"),
        ("/repos/any-example/withdrawn", 451, "Repository access blocked"),
        ("/search/repositories?q=", 422, "Validation Failed"),
        (
            "/search/repositories?q=brimful&per_page=100&page=11",
            422,
            "Only the first 1000 search results are available",
        ),
        ("/search/repositories?q=stampede", 403, "You have exceeded a secondary rate limit."),
        ("/search/repositories?q=exhausted", 403, "API rate limit exceeded"),
        ("/nowhere", 404, "Not Found"),
    ],
)
def test_refusals_say_what_the_true_ones_say(ask, path: str, status: int, message: str) -> None:
    answer = ask("github", path)
    assert answer.status == status
    assert json.loads(answer.text)["message"].startswith(message)


def test_the_secondary_limit_comes_with_requests_left_and_without_retry_after(ask) -> None:
    answer = ask("github", "/search/repositories?q=stampede")
    assert answer.headers["gh-limited-by"]
    assert int(answer.headers["x-ratelimit-remaining"]) > 0
    assert "retry-after" not in answer.headers


def test_a_client_without_a_name_is_refused() -> None:
    assert Interface().answer(Request("GET", "/search/repositories?q=claude", {})).status == 403


def test_the_primary_limit_ends_a_search_in_a_hurry() -> None:
    interface = Interface()
    request = Request("GET", "/search/repositories?q=claude", {"user-agent": "t"})
    statuses = [interface.answer(request).status for _ in range(BUCKETS["search"][0] + 1)]
    last = interface.answer(request)
    assert statuses == [200] * BUCKETS["search"][0] + [403]
    assert last.headers["X-RateLimit-Remaining"] == "0"
    assert last.headers["X-RateLimit-Reset"].isdigit()


def test_a_full_search_is_paged_by_links_and_sliced_by_dates() -> None:
    interface = Interface()
    headers = {"user-agent": "t", "host": "h"}
    first = interface.answer(Request("GET", "/search/repositories?q=brimful&per_page=100", headers))
    assert json.loads(first.body)["total_count"] == 1_150
    assert 'page=2>; rel="next"' in first.headers["Link"]
    assert 'page=10>; rel="last"' in first.headers["Link"]
    slices = ["*..2025-12-31", "2026-01-01..*"]
    counts = [
        json.loads(interface.answer(Request("GET", f"/search/repositories?q=brimful+created:{part}", headers)).body)
        for part in slices
    ]
    assert sum(part["total_count"] for part in counts) == 1_150
    assert all(0 < part["total_count"] < 1_000 for part in counts)


def test_incomplete_results_are_said(ask) -> None:
    assert json.loads(ask("github", "/search/repositories?q=claude+halfway").text)["incomplete_results"] is True


def test_issues_and_comments_are_there(ask) -> None:
    issue = json.loads(ask("github", "/repos/driftwood-example/openrelay-hub/issues/43").text)
    comments = json.loads(ask("github", "/repos/driftwood-example/openrelay-hub/issues/43/comments").text)
    assert issue["comments"] == len(comments) == 1
    assert comments[0]["issue_url"].endswith("/issues/43")
    assert ask("github", "/repos/driftwood-example/openrelay-hub/issues/1").status == 404
