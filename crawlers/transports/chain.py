"""The chain every request of every transport passes, from the engine to the wire: target, robots, retries, redirects,
decompression, token, politeness. It is one list, so that no transport can have another.
"""

from typing import TYPE_CHECKING

from crawlers.network_guard import Target, parse_target
from crawlers.spiders.failures import NoPageError
from crawlers.spiders.page import META_TARGET
from crawlers.spiders.setup import CrawlSetup, SetupError
from crawlers.step import FailureKind

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

HANDLERS = {
    "browser": "crawlers.transports.browser.BrowserDownloadHandler",
    "plain": "crawlers.transports.plain.GuardedDownloadHandler",
    "replay": "crawlers.transports.replay.ReplayDownloadHandler",
}
"""Transport to the download handler that serves both http and https; all that a transport may choose."""

CHAIN: dict[str, int] = {
    "crawlers.transports.chain.TargetGate": 50,
    "crawlers.transports.robots_gate.RobotsGate": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "crawlers.transports.redirects.RedirectGate": 600,
    "crawlers.transports.decompression.DecompressionGate": 700,
    "crawlers.transports.token.TokenGate": 800,
    "crawlers.transports.politeness_gate.PolitenessGate": 950,
}
"""From the engine (low) to the wire (high)."""


def setup_of(crawler: "Crawler") -> CrawlSetup | None:
    """The setup of a crawl that Undercut started, None for any other."""
    setup = getattr(crawler.spider, "setup", None)
    return setup if isinstance(setup, CrawlSetup) else None


def require_setup(crawler: "Crawler") -> CrawlSetup:
    """The setup of the crawl; raises SetupError for one that Undercut did not start."""
    setup = setup_of(crawler)
    if setup is None:
        raise SetupError("only crawls that Undercut starts run here; use `undercut watch`")
    return setup


def target_of(request: "Request") -> Target:
    """The parsed address of a request that passed the first gate."""
    target: Target = request.meta[META_TARGET]
    return target


class TargetGate:
    """Parses each request's address anew (a redirect is a new one), and refuses what could never be asked."""

    def __init__(self, setup: CrawlSetup) -> None:
        self._setup = setup

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "TargetGate":
        """Called by Scrapy."""
        return cls(require_setup(crawler))

    def process_request(self, request: "Request") -> None:
        """Raises RefusedTargetError, or NoPageError where nobody could be reached about the visit."""
        target = parse_target(request.url)
        self._setup.guard.check_target(target)
        named = self._setup.guard.allows_by_name(target) or self._setup.replay_from is not None
        if not self._setup.identity.contact and not named:
            detail = "no contact is configured; set `contact` in undercut.toml so that a site's owner can reach you"
            raise NoPageError(FailureKind.GUARD, detail)
        request.meta[META_TARGET] = target
