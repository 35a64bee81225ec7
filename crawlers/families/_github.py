"""What GitHub's interfaces have in common: requests, refusals with their waiting times, paging, and who is who."""

import re
from collections.abc import Mapping

from crawlers.families._html import absolute_url, host_of, path_steps, site_root
from crawlers.families._json import JsonError, JsonValue, as_array, as_object, as_text, load_json
from crawlers.families._state import empty, gone, not_understood
from crawlers.families._text import one_line
from crawlers.soft_blocks import DAY_SECONDS, Expected, retry_after
from domain.listing import Handle, HandleRole
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page

PLATFORM = "github"
API = "https://api.github.com"
JSON_ACCEPT = "application/vnd.github+json"
MATCH_ACCEPT = "application/vnd.github.text-match+json"
VERSION = "2022-11-28"
EXPECTED = Expected("any", ('"total_count"', '"full_name"', '"node_id"', '"html_url"', '"documentation_url"'))

MOST_TEXT = 60_000

_NEXT = re.compile(r'<([^<>]{1,2000})>;\s?rel="next"')
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")


def api_request(url: str, context: Mapping[str, str], *, accept: str = JSON_ACCEPT) -> FurtherRequest:
    """A read of the REST interface, in a pinned version of it."""
    return FurtherRequest(url, context, {"accept": accept, "x-github-api-version": VERSION})


def api_root(page: Page) -> str:
    """Where the interface of this page is served, so that a crawl stays with the server it began at."""
    root = site_root(page.snapshot.url_asked)
    foreign = host_of(root) in ("raw.githubusercontent.com", "github.com", "")
    return API if foreign or not root.startswith("http") else root


def next_page(page: Page) -> str | None:
    """The next page as the `Link` header names it, on the host that answered and on no other."""
    match = _NEXT.search(page.snapshot.headers.get("link", "")[:8000])
    if match is None:
        return None
    url = absolute_url(match.group(1), API)
    return url if url and site_root(url) == api_root(page) else None


def repository_name(text: str) -> str | None:
    """`owner/name` where the text is one."""
    return text if _NAME.fullmatch(text) else None


def repository_of(url: str) -> str | None:
    """`owner/name` in an address of github.com or its interface."""
    steps = path_steps(url)
    steps = steps[1:] if steps[:1] == ["repos"] else steps
    return repository_name("/".join(steps[:2]))


def user_handle(user: JsonValue, role: HandleRole) -> tuple[Handle, ...]:
    """The handle of a user object, none where there is no login (a deleted user)."""
    described = as_object(user)
    login = one_line(as_text(described.get("login")))
    if not login:
        return ()
    url = as_text(described.get("html_url")) or as_text(described.get("url"))
    address = absolute_url(url, "https://github.com/") if "api.github.com" not in url else None
    return (Handle(PLATFORM, login, role, address or f"https://github.com/{login}"),)


def host_handle(repository: str) -> tuple[Handle, ...]:
    """The owner of a repository as the host of what stands in it: an owner is never taken for a seller."""
    owner = repository.partition("/")[0]
    return (Handle(PLATFORM, owner, HandleRole.HOST, f"https://github.com/{owner}"),) if owner else ()


def refusal(page: Page) -> Reading | None:
    """GitHub's own refusals, told by status and message; None where an answer should be read."""
    status = page.snapshot.status
    if status < 400:
        return None
    message, errors = _message(page)
    said = one_line(message)[:200]
    lowered = message.lower()
    if status in (403, 429) and _is_limit(page, lowered):
        return Reading(
            ReadingState.RATE_LIMITED, f"GitHub: {said or 'rate limit'}", retry_after_seconds=_wait_seconds(page)
        )
    if status == 401:
        return Reading(ReadingState.LOGIN_REQUIRED, f"GitHub: {said or 'a token is required'}")
    if status == 403:
        return Reading(ReadingState.BLOCKED, f"GitHub: {said or 'forbidden'}")
    if status in (404, 410, 451):
        return _missing(page, status, said)
    if status == 422:
        return _unprocessable(lowered, said, errors)
    return None


def _message(page: Page) -> tuple[str, list[JsonValue]]:
    try:
        answer = as_object(load_json(page.body))
    except JsonError:
        return "", []
    return as_text(answer.get("message")), as_array(answer.get("errors"))


def _is_limit(page: Page, message: str) -> bool:
    return (
        page.snapshot.headers.get("x-ratelimit-remaining") == "0"
        or page.snapshot.status == 429
        or "retry-after" in page.snapshot.headers
        or any(words in message for words in ("rate limit", "abuse detection"))
    )


def _wait_seconds(page: Page) -> int:
    """Retry-After; else the time to the reset where nothing remains; else the minute that GitHub asks for at least."""
    snapshot = page.snapshot
    stated = retry_after(snapshot.headers, snapshot.fetched_at)
    if stated is not None:
        return stated
    reset = snapshot.headers.get("x-ratelimit-reset", "")
    if snapshot.headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit() and len(reset) < 12:
        return max(1, min(int(reset) - int(snapshot.fetched_at.timestamp()), DAY_SECONDS))
    return 60


def _missing(page: Page, status: int, said: str) -> Reading:
    """A repository, issue or gist that is not there; a README that is missing says nothing of its repository."""
    path = "/" + "/".join(path_steps(page.snapshot.url_asked))
    if path.endswith("/readme"):
        return empty("the repository has no README, or is not there")
    if "/search/" in path:
        return not_understood(f"GitHub: {said or status} to a search")
    external_id = external_id_of(path)
    why = "blocked for legal reasons" if status == 451 else "not found"
    return gone(f"GitHub: {said or why} (HTTP {status})", *([external_id] if external_id else []))


def external_id_of(path: str) -> str | None:
    """The external id of what an address of the interface names: a repository, an issue or a gist."""
    steps = [step for step in path.split("/") if step]
    if steps[:1] == ["gists"] and len(steps) == 2:
        return f"gist/{steps[1]}"
    name = repository_name("/".join(steps[1:3])) if steps[:1] == ["repos"] else None
    if name is None:
        return None
    if len(steps) == 3:
        return f"repository/{name}"
    return f"issue/{name}#{steps[4]}" if len(steps) == 5 and steps[3] in ("issues", "pulls") else None


def _unprocessable(lowered: str, said: str, errors: list[JsonValue]) -> Reading:
    if "only the first 1000 search results" in lowered:
        return empty("GitHub shows the first 1000 results of a search: ask for narrower dates")
    fields = ", ".join(
        as_text(as_object(error).get("message")) or as_text(as_object(error).get("field")) for error in errors
    )
    return not_understood(f"GitHub could not process the request: {said} {one_line(fields)[:200]}".strip())
