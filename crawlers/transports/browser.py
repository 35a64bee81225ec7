"""The browser transport: pages that show nothing without their scripts, seen in Chromium behind a proxy of our own.

It is a download handler like the others, at the end of the same chain: robots.txt, redirects, turns and budgets are
decided before a page is visited, and robots.txt itself is fetched plainly.
"""

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawlers.spiders.failures import NoPageError
from crawlers.spiders.page import META_RENDERED, META_SCREENSHOT
from crawlers.step import FailureKind
from crawlers.transports.browser_process import BrowserProcess
from crawlers.transports.browser_proxy import GuardedProxy
from crawlers.transports.browser_visit import Visit, Visited
from crawlers.transports.chain import setup_of, target_of
from crawlers.transports.plain import GuardedDownloadHandler
from crawlers.transports.robots_gate import META_IS_ROBOTS

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

SCREENSHOT_OPTION = "screenshot"
MOST_BYTES_A_VISIT = 50 * 1024 * 1024
PAGES_A_BROWSER = 50


class BrowserDownloadHandler(BaseDownloadHandler):
    """Visits each page in a context of its own; the browser is replaced when it was killed, or after fifty pages."""

    lazy = False

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        setup = setup_of(crawler)
        if setup is None:
            raise NotConfigured("only crawls that Undercut starts may use the network")
        self._setup = setup
        self._plain = GuardedDownloadHandler(crawler)
        self._most_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._with_screenshot = setup.source.options.get(SCREENSHOT_OPTION) == ("yes",) and setup.keep is not None
        self._stack: AsyncExitStack | None = None
        self._process: BrowserProcess | None = None
        self._proxy: GuardedProxy | None = None
        self._visits = 0

    async def download_request(self, request: "Request") -> Response:
        """The page as it stands once its scripts have run; raises NoPageError."""
        if request.meta.get(META_IS_ROBOTS):
            return await self._plain.download_request(request)
        if request.method != "GET":
            raise NoPageError(FailureKind.GUARD, "the browser transport only looks at pages; it sends nothing")
        process, proxy = await self._ready()
        visit = Visit(
            target_of(request),
            process,
            proxy,
            self._setup.identity.user_agent,
            self._most_bytes,
            with_screenshot=self._with_screenshot,
        )
        self._visits += 1
        visited = await visit.run(self._setup.limits.answer_seconds)
        return self._response(request, visited, proxy, process)

    async def close(self) -> None:
        """End the browser."""
        await self._plain.close()
        await self._end()

    async def _ready(self) -> tuple[BrowserProcess, GuardedProxy]:
        known, proxy = self._process, self._proxy
        usable = known is not None and known.browser.is_connected() and not known.killed
        if known is not None and proxy is not None and usable and self._visits < PAGES_A_BROWSER:
            return known, proxy
        await self._end()
        self._stack = AsyncExitStack()
        proxy = await self._stack.enter_async_context(
            GuardedProxy(self._setup.guard, self._setup.resolve, most_bytes=MOST_BYTES_A_VISIT)
        )
        process = await self._stack.enter_async_context(BrowserProcess(proxy.address))
        self._process, self._proxy, self._visits = process, proxy, 0
        return process, proxy

    async def _end(self) -> None:
        stack, self._stack, self._process = self._stack, None, None
        if stack is not None:
            await stack.aclose()

    def _response(self, request: "Request", visited: Visited, proxy: GuardedProxy, process: BrowserProcess) -> Response:
        request.meta[META_RENDERED] = {
            "browser": f"Chromium {process.browser.version}",
            "loaded": str(visited.loaded),
            "refused": str(visited.refused),
            **({"document_sha256": visited.document_sha256} if visited.document_sha256 else {}),
        }
        if visited.screenshot is not None and self._setup.keep is not None:
            request.meta[META_SCREENSHOT] = self._setup.keep(visited.screenshot)
        headers = Headers(visited.headers)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=visited.body)
        return kind(
            url=request.url,
            status=visited.status,
            headers=headers,
            body=visited.body,
            ip_address=proxy.connected.get(target_of(request).place),
        )
