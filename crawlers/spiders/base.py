"""The one spider: asks what a family wants asked, hands each page on, and goes where the answer says, within its site.

It knows no storage, no detector and no alert; what a kind of place does differently is its family's to say.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals

from crawlers.memory import Validators
from crawlers.network_guard import RefusedTargetError, Target, parse_target
from crawlers.spiders.failures import CrawlStoppedError, NoPageError, classify
from crawlers.spiders.page import page_from
from crawlers.spiders.setup import CrawlSetup, SetupError
from crawlers.spiders.sites import site_of
from crawlers.step import ENDING_FAILURES, CrawlFailure, FailureKind
from crawlers.transports.archive import open_archive
from crawlers.transports.politeness_gate import PolitenessGate
from domain.hostile_text import one_line
from domain.reading import FurtherRequest
from domain.secrets import mask_secrets
from domain.snapshot import Page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

# What a family must not set: who we are, and secrets, are added where they are guarded.
_RESERVED_HEADERS = frozenset({"authorization", "cookie", "host", "proxy-authorization", "user-agent"})


class SourceSpider(Spider):
    """Crawls one source as its setup says.

    `pages` and `failures` count what was handed on; `stop_reason` is why the crawl ended before its end, and `crash`
    what a handler or a memory raised. `archive` is what a replay answers from.
    """

    name = "source"

    def __init__(self, setup: CrawlSetup, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.setup = setup
        self.archive = open_archive(setup.replay_from) if setup.replay_from is not None else None
        self.stopping = asyncio.Event()
        self.stop_reason = ""
        self.crash: BaseException | None = None
        self.asked = 0
        self.pages = 0
        self.failures = 0
        self._first = setup.first_requests()
        self._sites = frozenset(site_of(target) for target in setup.first_targets())
        self._closing: asyncio.Task[None] | None = None
        self._time_limit: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> "SourceSpider":
        """Called by Scrapy; raises SetupError for a crawl that Undercut did not set up."""
        if not isinstance(kwargs.get("setup"), CrawlSetup):
            raise SetupError("this spider is started by `undercut watch`, which hands it its setup")
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._on_defect, signals.spider_error)
        crawler.signals.connect(spider._on_opened, signals.spider_opened)
        crawler.signals.connect(spider._on_closed, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The family's first requests."""
        try:
            for further in self._first:
                request = await self._request(further)
                if request is not None:
                    yield request
        except Exception as error:
            # Scrapy would log it and call the crawl finished.
            self._crash(error)
            raise

    async def parse(
        self, response: "Response", further: FurtherRequest, target: Target, asked: str
    ) -> AsyncIterator[Request]:
        """Hand a page on, and ask for what follows from it."""
        page = page_from(response, further, asked, self.setup)
        self.pages += 1
        step = await self.setup.handle(page)
        await self._gate().note(target, step)
        if step.settled and further.body is None:
            await self._keep_validators(page, target)
        if step.stop:
            self.stop(step.reason)
        for next_further in step.further if not self.stopping.is_set() else ():
            request = await self._request(next_further)
            if request is not None:
                yield request

    async def on_error(self, failure: "Failure") -> None:
        """Tell of a request that brought no page; a defect ends the crawl."""
        error = failure.value
        if error is None or isinstance(error, CrawlStoppedError):
            return
        told = classify(error)
        if told is None:
            self._crash(error)  # what an errback raises again is only logged by Scrapy
            return
        if told.kind in ENDING_FAILURES:
            if self.stopping.is_set():
                return
            self.stop(f"{told.kind}: {told.detail}")
        url: str = failure.request.url  # type: ignore[attr-defined]
        await self._tell(url, told)

    def stop(self, reason: str) -> None:
        """End the crawl: what waits for its turn is dropped, and no further request reaches the wire."""
        self.stop_reason = self.stop_reason or one_line(reason)
        self.stopping.set()
        if self._closing is None:
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="stopped"))

    async def _request(self, further: FurtherRequest) -> Request | None:
        """The request for a page; None, and told, where it may not be asked for."""
        try:
            target = self._checked_target(further)
        except RefusedTargetError as error:
            await self._tell(further.url, NoPageError(FailureKind.GUARD, str(error)))
            return None
        except NoPageError as error:
            await self._tell(further.url, error)
            return None
        if self.asked >= self.setup.limits.pages:
            if not self.stopping.is_set():
                detail = f"the budget of {self.setup.limits.pages} pages for one crawl is spent"
                await self._tell(further.url, NoPageError(FailureKind.BUDGET, detail))
                self.stop_reason = self.stop_reason or detail
            return None
        self.asked += 1
        request = Request(
            target.href,
            method="GET" if further.body is None else "POST",
            headers=await self._headers(further, target),
            body=further.body,
            callback=self.parse,
            errback=self.on_error,
        )
        # Scrapy spells some addresses in its own way, and that spelling is what is asked for.
        request.cb_kwargs.update(further=further, target=target, asked=request.url)
        return request

    def _checked_target(self, further: FurtherRequest) -> Target:
        target = parse_target(further.url)
        if site_of(target) not in self._sites:
            raise NoPageError(FailureKind.OFF_SITE, f"{target.host} is not a part of the source's site")
        reserved = [name for name in further.headers if name.lower() in _RESERVED_HEADERS]
        if reserved:
            raise SetupError(f"the family {self.setup.family.name} sets {reserved}; a family never does")
        return target

    async def _headers(self, further: FurtherRequest, target: Target) -> dict[str, str]:
        headers = dict(further.headers)
        if further.body is not None:
            if not any(name.lower() == "content-type" for name in headers):
                headers["Content-Type"] = "application/json"
            return headers
        known = await self.setup.memory.validators(self.setup.source.name, target.href)
        if known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return headers

    async def _keep_validators(self, page: Page, target: Target) -> None:
        """Remember an ETag or a date of a page that came as asked and was understood."""
        headers, snapshot = page.snapshot.headers, page.snapshot
        etag, last_modified = headers.get("etag"), headers.get("last-modified")
        if snapshot.status != 200 or not (etag or last_modified):
            return
        await self.setup.memory.keep_validators(snapshot.source, target.href, Validators(etag, last_modified))

    async def _tell(self, url: str, told: NoPageError) -> None:
        self.failures += 1
        await self.setup.on_failure(
            CrawlFailure(
                source=self.setup.source.name,
                url=mask_secrets(one_line(url, 2_000)),
                kind=told.kind,
                detail=mask_secrets(one_line(told.detail, 300)),
                failed_at=self.setup.clock(),
                next_try_at=told.next_try_at,
            )
        )

    def _gate(self) -> PolitenessGate:
        gate = self.crawler.get_downloader_middleware(PolitenessGate)
        if gate is None:
            raise SetupError("the crawl runs without its politeness; this is a defect")
        return gate

    def _on_opened(self) -> None:
        seconds = self.setup.limits.crawl_seconds
        reason = f"the crawl's {seconds:g} s are over"
        self._time_limit = asyncio.get_running_loop().call_later(seconds, self.stop, reason)

    def _on_closed(self) -> None:
        if self._time_limit is not None:
            self._time_limit.cancel()

    def _on_defect(self, failure: "Failure") -> None:
        """What a handler, a memory or this spider raised ends the crawl; nothing is passed over."""
        if failure.value is not None:
            self._crash(failure.value)

    def _crash(self, error: BaseException) -> None:
        self.crash = self.crash or error
        self.stop(f"failed: {type(error).__name__}")
