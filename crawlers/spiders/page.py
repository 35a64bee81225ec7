"""A Scrapy response as a Page: the bytes, and how they were got."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from scrapy.http import Headers, Response

from crawlers.robots import RobotsDecision
from crawlers.spiders.setup import CrawlSetup
from domain.reading import FurtherRequest
from domain.snapshot import Page, Snapshot

# What the chain of a transport notes on a request, for the page that it becomes.
META_TARGET = "undercut_target"
META_DECISION = "undercut_robots_decision"
META_REDIRECTS = "undercut_redirects"
META_ENCODING = "undercut_content_encoding"
META_ARCHIVED_AT = "undercut_archived_at"
META_ARCHIVE_PLACE = "undercut_archive_place"
META_RENDERED = "undercut_rendered"
META_SCREENSHOT = "undercut_screenshot_sha256"

# Not facts about the page: the body is stored decoded, and how it came is said in `capture`.
_DROPPED_HEADERS = frozenset({"content-encoding", "transfer-encoding", "connection", "keep-alive"})


def page_from(response: Response, further: FurtherRequest, asked: str, setup: CrawlSetup) -> Page:
    """The page that answered `further`, asked for at `asked`; its capture says only what the transport shows."""
    body = response.body
    archived_at: datetime | None = response.meta.get(META_ARCHIVED_AT)
    snapshot = Snapshot(
        source=setup.source.name,
        url_asked=asked,
        url_answered=response.url,
        status=response.status,
        headers=plain_headers(response.headers),
        fetched_at=archived_at or setup.clock(),
        transport=setup.transport,
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        context=dict(further.context),
        capture=_capture(response, further, setup),
        screenshot_sha256=response.meta.get(META_SCREENSHOT),
    )
    return Page(snapshot, body)


def plain_headers(headers: Headers) -> dict[str, str]:
    """Header names in lower case, values of one name joined as HTTP allows."""
    plain = {}
    for name in headers:
        lower = name.decode("latin-1").lower()
        if lower not in _DROPPED_HEADERS:
            plain[lower] = ", ".join(value.decode("latin-1") for value in headers.getlist(name))
    return plain


def _capture(response: Response, further: FurtherRequest, setup: CrawlSetup) -> Mapping[str, str]:
    capture = {"tool": f"undercut {setup.identity.version}", "user_agent": setup.identity.user_agent}
    if setup.permission:
        capture["permission"] = setup.permission
    if response.ip_address is not None:
        capture["connected_address"] = str(response.ip_address)
    if response.certificate is not None:
        digest: bytes = response.certificate.digest("sha256")
        capture["certificate_sha256"] = digest.decode("ascii").replace(":", "").lower()
    decision: RobotsDecision | None = response.meta.get(META_DECISION)
    if decision is not None:
        capture["robots"] = decision.reason
    if response.meta.get(META_REDIRECTS):
        capture["redirects"] = json.dumps(response.meta[META_REDIRECTS])
    if response.meta.get(META_ENCODING):
        capture["content_encoding"] = response.meta[META_ENCODING]
    if response.meta.get(META_ARCHIVE_PLACE):
        capture["archive"] = response.meta[META_ARCHIVE_PLACE]
    capture |= response.meta.get(META_RENDERED, {})
    if further.body is not None:
        capture["method"] = "POST"
        capture["request_sha256"] = hashlib.sha256(further.body.encode("utf-8", "surrogatepass")).hexdigest()
    return capture
