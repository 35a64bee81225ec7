"""claude-relay-service: known by its health answer; it publishes no price, as its keys are sold elsewhere.

The notice that its statistics page shows to visitors is one listing of the site.
"""

from collections.abc import Iterator, Mapping

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_object, as_text
from crawlers.families._markdown import plain_markdown
from crawlers.families._recognition import ANSWER, HEADER, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._relay import Site, plain_notice, site_gone, site_listing
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "claude_relay_service"
NOTICE_PATH = "/admin/oem-settings"


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The health of each site; the notice of its statistics page is asked for next."""
    return tuple(FurtherRequest(f"{site_root(url)}/health") for url in source.start_urls)


@reads(Expected("json", ('"claude-relay-service"', '"success"', '"sitename"')), own=site_gone)
def read(page: Page) -> Reading:
    """The health (asks for the notice), the notice (a listing), or rates and models, which say no price."""
    answer = as_object(json_of(page))
    if answer.get("service") == "claude-relay-service":
        root = site_root(page.snapshot.url_answered)
        further = (FurtherRequest(f"{root}{NOTICE_PATH}"),) if root.startswith("http") else ()
        return Reading(ReadingState.FRESH, "a claude-relay-service; its notice is asked for next", further=further)
    data = as_object(answer.get("data"))
    if "siteName" in data:
        return _notice(page, data)
    if "baseService" in data or "totalClaudeAccounts" in answer:
        return empty("multipliers of official prices without a price of credit: keys are sold elsewhere")
    if "claude" in data or "platforms" in data:
        return empty("models without prices: keys are sold elsewhere")
    if answer.get("error"):
        return not_understood(f"the site answers with an error: {one_line(as_text(answer.get('message')))[:200]}")
    return not_understood("none of the answers of claude-relay-service")


def _notice(page: Page, data: Mapping[str, JsonValue]) -> Reading:
    notice = as_object(data.get("apiStatsNotice"))
    said = "\n\n".join(part for key in ("title", "content") if (part := as_text(notice.get(key))))
    if notice.get("enabled") is not True or not said:
        return empty("the site shows no notice")
    text, links = plain_markdown(plain_notice(said))
    title = one_line(as_text(data.get("siteName")))[:200]
    site = Site(site_root(page.snapshot.url_answered), title, links=links)
    return Reading(ReadingState.FRESH, listings=(site_listing(page, site, text),))


def recognise(page: Page) -> Recognition | None:
    """By its health answer, its redirect and titles, and the headers it allows."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    headers = page.snapshot.headers
    if carries(page, b'"service":"claude-relay-service"'):
        yield Mark(ANSWER, 0.5, "its health answer")
    if carries(page, b'"apiStatsNotice"', b'"siteName"'):
        yield Mark(ANSWER, 0.5, "shape of its notice")
    if carries(page, b'"baseService"', b'"droid"', b'"ccr"'):
        yield Mark(ANSWER, 0.5, "shape of its service rates")
    allowed = headers.get("access-control-allow-headers", "")
    if "x-admin-token" in allowed and "anthropic-dangerous-direct-browser-access" in allowed:
        yield Mark(HEADER, 0.6, "the headers it allows")
    if headers.get("location", "").endswith("/admin-next/api-stats"):
        yield Mark(HEADER, 0.5, "its redirect to the statistics page")
    if "Claude Relay Service" in head_of(page).title:
        yield Mark(MARKUP, 0.5, "title of its pages")


FAMILY = Family(
    name=NAME,
    software="claude-relay-service",
    platform="relay",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
