"""A code host's REST interface: searches, repositories, READMEs, issues; limits, conditional requests and refusals.

Search words with a meaning of their own, for tests: `stampede` meets the secondary limit, `exhausted` the primary one,
`halfway` answers with incomplete results, `brimful` finds more results than may be paged through.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from street.messages import Request, Response, as_json, conditional
from street.site import NO_ROBOTS, Options, Site
from street.sites._github_limits import Limits
from street.sites._github_records import (
    code_item,
    code_records,
    comment_records,
    issue_item,
    issue_records,
    readme_record,
    readme_text,
    repository_item,
    repository_records,
)
from street.sites._github_search import search

_REPOSITORY = r"/repos/(?P<owner>[\w.-]{1,100})/(?P<name>[\w.-]{1,100})"
_RAW = "application/vnd.github.raw"
_DOCS = "https://docs.example.test/rest"


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `github`, with rate limits that count from its opening."""
    return (Site("github", "a code host's interface, in GitHub's shapes", Interface().answer, NO_ROBOTS),)


@dataclass(slots=True)
class Interface:
    """The interface with its rate limits, the only state of the street that a request changes."""

    limits: Limits = field(default_factory=Limits)

    def answer(self, request: Request) -> Response:
        """Any path, limits first; what a client already holds costs nothing."""
        if not request.headers.get("user-agent"):
            return _problem(403, "Missing or invalid User Agent string. See the docs for how to set one.")
        if request.path == "/rate_limit":
            return as_json(self.limits.overview())
        handler, bucket = _route(request)
        if handler is None:
            return _problem(404, "Not Found")
        refusal = _asked_for_refusal(request) or self.limits.refuse(bucket)
        if refusal is not None:
            return refusal
        response = handler(request)
        if response.status == 200:
            response = conditional(request, response)
        if response.status != 304:
            self.limits.spend(bucket)
        return response.with_headers(self.limits.headers(bucket))


def _route(request: Request) -> tuple[Callable[[Request], Response] | None, str]:
    searches: dict[str, tuple[Callable[[Request], Response], str]] = {
        "/search/repositories": (_search_repositories, "search"),
        "/search/issues": (_search_issues, "search"),
        "/search/code": (_search_code, "code_search"),
    }
    if request.path in searches:
        return searches[request.path]
    for pattern, handler in _PATTERNS:
        if re.fullmatch(pattern, request.path):
            return handler, "core"
    return None, "core"


def _search_repositories(request: Request) -> Response:
    return search(request, repository_records(), repository_item)


def _search_issues(request: Request) -> Response:
    return search(request, issue_records(), issue_item)


def _search_code(request: Request) -> Response:
    if "authorization" not in request.headers:
        return _problem(401, "Requires authentication")
    return search(request, code_records(), code_item)


def _repository(request: Request) -> Response:
    record = next((r for r in repository_records() if r["full_name"] == _full_name(request)), None)
    return as_json(repository_item(record, request.base)) if record else _absent(request)


def _readme(request: Request) -> Response:
    text = readme_text(_full_name(request))
    if text is None:
        return _absent(request)
    if _RAW in request.headers.get("accept", ""):
        return Response(body=text.encode("utf-8"), content_type="application/vnd.github.raw+json; charset=utf-8")
    return as_json(readme_record(_full_name(request), text, request.base))


def _issue(request: Request) -> Response:
    number = int(request.path.split("/")[5])
    for record in issue_records():
        if record["repository"] == _full_name(request) and record["number"] == number:
            comments = request.path.endswith("/comments")
            return as_json(comment_records(record, request.base) if comments else issue_item(record, request.base))
    return _absent(request)


def _full_name(request: Request) -> str:
    return "/".join(request.path.split("/")[2:4])


def _absent(request: Request) -> Response:
    if _full_name(request).endswith("/withdrawn"):
        block = {"reason": "dmca", "created_at": "2026-08-01T00:00:00Z", "html_url": f"{_DOCS}/withdrawn"}
        return as_json({"message": "Repository access blocked", "block": block}, 451)
    return _problem(404, "Not Found")


def _asked_for_refusal(request: Request) -> Response | None:
    words = request.query.get("q", "").lower().split()
    if "stampede" in words:
        message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        refusal = _problem(403, message, documentation=f"{_DOCS}/overview/rate-limits#about-secondary-rate-limits")
        return refusal.with_headers(
            {"gh-limited-by": "search-elapsed-time-shared-grouped", "X-RateLimit-Remaining": "21"}
        )
    if "exhausted" in words:
        return Limits.spent("search")
    return None


def _problem(status: int, message: str, *, documentation: str = _DOCS) -> Response:
    return as_json({"message": message, "documentation_url": documentation, "status": str(status)}, status)


_PATTERNS: tuple[tuple[str, Callable[[Request], Response]], ...] = (
    (_REPOSITORY, _repository),
    (_REPOSITORY + r"/readme", _readme),
    (_REPOSITORY + r"/issues/[0-9]{1,9}(?:/comments)?", _issue),
)
