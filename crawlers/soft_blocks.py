"""Refusals that do not say so: the rules by which a block, a login wall or a throttle is told from what a place says.

Used before a family reads a page (`find_refusal`), and after it with what earlier crawls brought (`check_yield`). None
of these rules ever makes anything gone: removal needs an explicit sign that only a family can know.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

import orjson

from domain.reading import Reading, ReadingState
from domain.snapshot import Page

DAY_SECONDS = 86_400
SMALL_BODY_BYTES = 500
SHRUNK_TO = 10
MARKER_BYTES = 64 * 1024
WEAK_MARKER_BYTES = 32 * 1024
GUARD_BYTES = 8 * 1024

# Words that challenge pages carry and ordinary pages do not, unless they quote them.
_CHALLENGES: tuple[tuple[str, str], ...] = (
    ("cf-chl", "Cloudflare challenge"),
    ("_cf_chl", "Cloudflare challenge"),
    ("challenge-platform/h/", "Cloudflare challenge"),
    ("just a moment...", "Cloudflare challenge"),
    ("attention required! | cloudflare", "Cloudflare block"),
    ("_____tmd_____/punish", "Alibaba punish page"),
    ("rgv587", "Alibaba user validation"),
    ("baxia-dialog", "Alibaba captcha"),
    ("aliyun_waf", "Alibaba firewall"),
    ("acw_sc__v2", "Alibaba script challenge"),
    ("denied by ip_access_rule", "Alibaba firewall"),
    ("denied by http_ratelimit", "Alibaba firewall"),
    ("px-captcha", "PerimeterX captcha"),
    ("press &amp; hold", "PerimeterX captcha"),
    ("press & hold", "PerimeterX captcha"),
    ("captcha-delivery.com", "DataDome challenge"),
    ("pardon our interruption", "interruption page"),
    ("checking your browser", "browser check"),
    ("whoa there, pardner", "Reddit block page"),
    ("доступ ограничен", "access restricted page"),
    ("抱歉由于访问频繁", "asked too often page"),
)
# The same guards leave these in every page of a shop that they let through: they count on a small page only.
_GUARDS: tuple[tuple[str, str], ...] = (
    ("datadome", "DataDome challenge"),
    ("ddos-guard", "DDoS-Guard challenge"),
    ("/cdn-cgi/challenge", "Cloudflare challenge"),
)
_GUARDS_AT_WORK = "/cdn-cgi/challenge-platform/scripts/jsd/"
# Words that ordinary pages may well carry: they count in what a small page of HTML shows, not in its scripts.
_WEAK_CHALLENGES = ("访问频繁", "安全验证", "滑动验证", "人机验证", "环境异常", "verify you are human")

_LOGIN_PLACES = ("passport.", "login.", "signin.", "accounts.")
_LOGIN_PATHS = ("/login", "/signin", "/sign_in", "/passport", "/mini_login", "/account/login", "/oauth/authorize")
_CHALLENGE_PATHS = ("/captcha", "/punish", "/verify", "/challenge", "/sorry", "/cdn-cgi", "/splashui")

_PAGE_PARAMETERS = frozenset(
    {"page", "p", "pg", "pagenum", "page_num", "pageindex", "page_index", "current", "offset", "start", "before",
     "after", "cursor", "search_after"}
)  # fmt: skip
_PAGE_IN_PATH = re.compile(r"/(?:page|p)[/\-]?[0-9]{1,9}(?=/|$)")

_MTOP_LOGIN = ("FAIL_SYS_TOKEN", "FAIL_SYS_SESSION", "FAIL_BIZ_NOT_LOGIN", "FAIL_SYS_NOT_LOGIN")
_MTOP_BLOCK = ("FAIL_SYS_USER_VALIDATE", "RGV587", "FAIL_SYS_ILLEGAL_ACCESS", "FAIL_SYS_TRAFFIC_LIMIT")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a page of the place looks like when it is one.

    `kind` is `json`, `html` or `any`. `marks` are lower-case strings of which a true page carries at least one
    (`data-post`, `"total_count"`): where one is there, words that challenge pages use are taken as quoted.
    """

    kind: str = "any"
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceHistory:
    """What earlier answers of the same place were like; empty where nothing is known.

    `usual_body_bytes` is the median body, `recent_yields` the listings of the last crawls, newest last, and
    `page_digests` maps the digests of this crawl's earlier pages to their addresses.
    """

    usual_body_bytes: int | None = None
    recent_yields: tuple[int, ...] = ()
    page_digests: Mapping[str, str] = field(default_factory=dict)


ANYTHING = Expected()


def find_refusal(page: Page, expected: Expected = ANYTHING) -> Reading | None:
    """The reading of a page that is a refusal, by status, address, body or kind; None where a family should read on."""
    for rule in (_by_status, _by_address, _by_error_body, _by_marker, _by_kind):
        reading = rule(page, expected)
        if reading is not None:
            return reading
    return None


def check_yield(reading: Reading, page: Page, history: PlaceHistory) -> Reading:
    """The reading, made honest by what the place gave before: a sudden nothing is not understood, and never empty."""
    if reading.state not in (ReadingState.FRESH, ReadingState.EMPTY):
        return reading
    repeated = history.page_digests.get(page.snapshot.sha256)
    if repeated is not None and reading.listings and are_pages_of_one_list(repeated, page.snapshot.url_asked):
        return replace(
            reading,
            state=ReadingState.NOT_UNDERSTOOD,
            reason="the same page came back for another page number",
            further=(),
        )
    if reading.listings or reading.further or reading.leads:
        return reading
    usual = history.usual_body_bytes
    if usual is not None and page.snapshot.body_bytes * SHRUNK_TO < usual:
        return replace(
            reading,
            state=ReadingState.NOT_UNDERSTOOD,
            reason=f"a body of {page.snapshot.body_bytes} bytes without listings where {usual} are usual",
        )
    if history.recent_yields and min(history.recent_yields[-3:]) > 0:
        return replace(
            reading,
            state=ReadingState.NOT_UNDERSTOOD,
            reason=f"no listing where the last crawls had {', '.join(map(str, history.recent_yields[-3:]))}",
        )
    return reading


def are_pages_of_one_list(one: str, other: str) -> bool:
    """Do two different addresses differ in nothing but the number (or cursor) of the page?

    Two searches may well find the same things, and every empty answer looks alike; two pages of one list never do.
    """
    return one != other and _without_page_number(one) == _without_page_number(other)


def _without_page_number(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _PAGE_PARAMETERS]
    return parts.netloc, _PAGE_IN_PATH.sub("/page", parts.path), sorted(kept)


def retry_after(headers: Mapping[str, str], now: datetime) -> int | None:
    """The seconds that `Retry-After` asks for (a number or a date), at most a day; None without a readable one."""
    stated = headers.get("retry-after", "").strip()[:64]
    if stated.isascii() and stated.isdigit():
        return min(int(stated), DAY_SECONDS)
    try:
        until = parsedate_to_datetime(stated)
    except (ValueError, OverflowError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return max(0, min(int((until - now).total_seconds()), DAY_SECONDS))


def rate_limited(page: Page, reason: str) -> Reading:
    """A reading that says the place asked for patience, and for how long where it says so."""
    snapshot = page.snapshot
    return Reading(
        ReadingState.RATE_LIMITED, reason, retry_after_seconds=retry_after(snapshot.headers, snapshot.fetched_at)
    )


def _by_status(page: Page, expected: Expected) -> Reading | None:
    status = page.snapshot.status
    challenge = _challenge_in(page, expected) if status >= 400 else None
    if status == 304:
        return Reading(ReadingState.UNCHANGED, "the place says that nothing changed (304)")
    if status in (429, 430) or (status == 503 and "retry-after" in page.snapshot.headers and not challenge):
        return rate_limited(page, f"the place asks for patience (HTTP {status})")
    if challenge:
        return Reading(ReadingState.BLOCKED, f"{challenge} (HTTP {status})")
    if status in (401, 407):
        return Reading(ReadingState.LOGIN_REQUIRED, f"the place wants a login (HTTP {status})")
    if status in (403, 405, 439, 444, 468, 520):
        return Reading(ReadingState.BLOCKED, f"the place refuses (HTTP {status})")
    if status >= 500:
        return Reading(ReadingState.NOT_UNDERSTOOD, f"the place failed (HTTP {status})")
    return None


def _by_address(page: Page, expected: Expected) -> Reading | None:
    """A redirect to a login or a challenge; also one that was not followed and stands in `location`."""
    snapshot = page.snapshot
    location = snapshot.headers.get("location", "") if 300 <= snapshot.status < 400 else ""
    for address in (snapshot.url_answered, location):
        if not address or address == snapshot.url_asked:
            continue
        host, path = _place_of(address)
        asked_host, asked_path = _place_of(snapshot.url_asked)
        if _starts_with(path, asked_path, _CHALLENGE_PATHS):
            return Reading(ReadingState.BLOCKED, "the place led to a challenge page")
        moved = host != asked_host and host.startswith(_LOGIN_PLACES)
        if moved or _starts_with(path, asked_path, _LOGIN_PATHS):
            return Reading(ReadingState.LOGIN_REQUIRED, "the place led to a login page")
    return None


def _by_error_body(page: Page, expected: Expected) -> Reading | None:
    """Errors that known gateways put into a small JSON body of a 200."""
    if len(page.body) > 8192 or not page.body.lstrip().startswith(b"{"):
        return None
    try:
        answer = orjson.loads(page.body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(answer, dict):
        return None
    returned = answer.get("ret")
    first = str(returned[0]) if isinstance(returned, list) and returned else ""
    if first.startswith(_MTOP_BLOCK):
        return Reading(ReadingState.BLOCKED, f"the gateway wants a person to prove themself ({first.split(':')[0]})")
    if first.startswith(_MTOP_LOGIN):
        return Reading(ReadingState.LOGIN_REQUIRED, f"the gateway wants a session ({first.split(':')[0]})")
    if answer.get("is_login") is False and answer.get("error"):
        return Reading(ReadingState.LOGIN_REQUIRED, "the interface answers to people who are logged in")
    if answer.get("code") in (429, "429"):
        return rate_limited(page, "the place asks for patience (code 429 in the body)")
    return None


def _by_marker(page: Page, expected: Expected) -> Reading | None:
    challenge = _challenge_in(page, expected)
    return Reading(ReadingState.BLOCKED, challenge) if challenge else None


def _by_kind(page: Page, expected: Expected) -> Reading | None:
    body = page.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body:
        return Reading(ReadingState.NOT_UNDERSTOOD, "the body is empty")
    if expected.kind == "json" and body.startswith(b"<"):
        return Reading(ReadingState.NOT_UNDERSTOOD, "HTML where JSON was expected")
    small = expected.kind == "html" and expected.marks and len(body) < SMALL_BODY_BYTES
    if small and not _carries(body.lower(), expected.marks):
        return Reading(
            ReadingState.NOT_UNDERSTOOD,
            f"{len(body)} bytes without any mark of the place: a soft block, or the layout may have changed",
        )
    if expected.kind == "html" and body[:1] in b"{[" and "json" in page.snapshot.headers.get("content-type", ""):
        return Reading(ReadingState.NOT_UNDERSTOOD, "JSON where HTML was expected")
    return None


def _challenge_in(page: Page, expected: Expected) -> str | None:
    body = page.body
    if (expected.marks and _carries(body.lower(), expected.marks)) or _is_json_answer(page):
        return None
    text = body[:MARKER_BYTES].decode("utf-8", "replace").lower()
    for marker, meaning in _CHALLENGES:
        if marker in text:
            return f"{meaning}: {marker!r} stands in the page"
    if len(body) > WEAK_MARKER_BYTES or not text.lstrip().startswith("<"):
        return None
    plain = text.replace(_GUARDS_AT_WORK, "")
    for marker, meaning in _GUARDS:
        if marker in plain and len(body) <= GUARD_BYTES:
            return f"{meaning}: {marker!r} stands in a small page"
    shown = _without_scripts(text)
    for marker in _WEAK_CHALLENGES:
        if marker in shown:
            return f"challenge: {marker!r} stands in a small page"
    return None


def _without_scripts(text: str) -> str:
    first, *rest = text.split("<script")
    return first + "".join(piece.partition("</script>")[2] for piece in rest)


def _is_json_answer(page: Page) -> bool:
    """A body that begins like JSON quotes words as data; gateways that refuse in JSON are known by their fields."""
    return page.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _carries(lowered: bytes, marks: Sequence[str]) -> bool:
    return any(mark.encode() in lowered for mark in marks)


def _place_of(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
        return (parts.hostname or "").lower(), parts.path.lower()
    except ValueError:
        return "", ""


def _starts_with(path: str, asked_path: str, prefixes: Sequence[str]) -> bool:
    """A path under one of the prefixes that was not itself asked for."""
    return any((path + "/").startswith((prefix + "/", prefix + ".")) for prefix in prefixes if prefix not in asked_path)
