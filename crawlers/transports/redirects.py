"""Follows redirects within a site, a few at most, each hop through every gate again; others are pages as they are."""

from typing import TYPE_CHECKING

from scrapy import Request

from crawlers.network_guard import RefusedTargetError, Target, parse_target
from crawlers.robots import MOST_REDIRECTS
from crawlers.spiders.failures import NoPageError
from crawlers.spiders.page import META_REDIRECTS
from crawlers.spiders.sites import site_of
from crawlers.step import FailureKind
from crawlers.transports.chain import require_setup, target_of
from crawlers.transports.robots_gate import META_IS_ROBOTS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What was asked of the first address says nothing about the second.
_NOT_CARRIED = ("If-None-Match", "If-Modified-Since", "Authorization")


class RedirectGate:
    """Asks for the next hop where the crawl may go there; a redirect out of the site is handed on as the answer.

    A family can tell a login wall from the `location` of an answer without anybody asking for the login page.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._setup = require_setup(crawler)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "RedirectGate":
        """Called by Scrapy."""
        return cls(crawler)

    def process_response(self, request: Request, response: "Response") -> "Request | Response":
        """The next request, or the answer; raises NoPageError for a chain without an end."""
        location = response.headers.get("Location")
        if response.status not in _REDIRECTS or location is None or request.method != "GET":
            return response
        hop = _parsed(location, request.url)
        if hop is None or not self._may_follow(request, hop):
            return response
        passed = [*request.meta.get(META_REDIRECTS, []), [response.status, request.url]]
        if len(passed) > MOST_REDIRECTS:
            if request.meta.get(META_IS_ROBOTS):
                return response
            raise NoPageError(FailureKind.REDIRECTS, f"more than {MOST_REDIRECTS} redirects in a row")
        following = request.replace(url=hop.href, dont_filter=True)
        following.meta[META_REDIRECTS] = passed
        for name in _NOT_CARRIED:
            following.headers.pop(name, None)
        return following

    def _may_follow(self, request: Request, hop: Target) -> bool:
        here = target_of(request)
        if hop.href == here.href:
            return False  # a wall that waits for a cookie; asking again changes nothing
        if site_of(hop) == site_of(here):
            return True
        # RFC 9309 lets a robots.txt lie on another host, but never in a place that only the operator opened.
        return bool(request.meta.get(META_IS_ROBOTS)) and not self._setup.guard.allows_by_name(hop)


def _parsed(location: bytes, base: str) -> Target | None:
    try:
        return parse_target(location.decode("utf-8", "replace"), base=base)
    except RefusedTargetError:
        return None
