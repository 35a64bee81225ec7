"""The plain transport: Scrapy's own HTTP, with every connection made through the network guard."""

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _ScrapyAgent
from scrapy.exceptions import NotConfigured
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.web.client import Agent

from crawlers.network_guard_endpoint import GuardedEndpoints
from crawlers.transports.chain import setup_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class _GuardedAgent(_ScrapyAgent):
    """Scrapy's agent, except that where it connects is the guard's choice and a proxy never is."""

    def __init__(self, agent: Agent, handler: "GuardedDownloadHandler", crawler: "Crawler") -> None:
        settings = crawler.settings
        super().__init__(
            contextFactory=handler._contextFactory,
            pool=handler._pool,
            maxsize=settings.getint("DOWNLOAD_MAXSIZE"),
            warnsize=settings.getint("DOWNLOAD_WARNSIZE"),
            crawler=crawler,
        )
        self._agent = agent

    def _get_agent(self, request: "Request", timeout: float) -> Agent:
        return self._agent


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's download handler with the guard between the address and the socket."""

    lazy = False

    def __init__(self, crawler: "Crawler") -> None:
        from twisted.internet import reactor  # the reactor is chosen when the crawl starts, not when this is imported

        super().__init__(crawler)
        setup = setup_of(crawler)
        if setup is None:
            raise NotConfigured("only crawls that Undercut starts may use the network")
        # A request that fails on a kept connection would be sent again at once, without waiting for its turn.
        self._pool.retryAutomatically = False
        endpoints = GuardedEndpoints(reactor, setup.guard, setup.resolve, self._contextFactory)
        self._agent = Agent.usingEndpointFactory(reactor, endpoints, pool=self._pool)  # type: ignore[no-untyped-call]

    async def download_request(self, request: "Request") -> "Response":
        """The answer; raises Scrapy's download errors, or RefusedTargetError."""
        agent = _GuardedAgent(self._agent, self, self._crawler)
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))
