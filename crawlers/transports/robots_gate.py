"""Enforces robots.txt: fetched once a day per origin, remembered between crawls, its decision kept with every page."""

import asyncio
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawlers.memory import RobotsRecord
from crawlers.network_guard import parse_target
from crawlers.robots import RobotsDecision, decide, is_fresh, kept_body
from crawlers.spiders.failures import NETWORK_ERRORS, NoPageError, classify
from crawlers.spiders.page import META_DECISION
from crawlers.step import FailureKind
from crawlers.transports.chain import require_setup, target_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

META_IS_ROBOTS = "undercut_is_robots"
_TELLABLE: tuple[type[Exception], ...] = (*NETWORK_ERRORS, NoPageError)
# What keeps a robots.txt from being read; anything else is about us, and says nothing about the host.
_UNREACHABLE = frozenset(
    {
        FailureKind.NAME_UNKNOWN,
        FailureKind.CONNECTION,
        FailureKind.CERTIFICATE,
        FailureKind.TIMEOUT,
        FailureKind.TRUNCATED,
        FailureKind.TOO_LARGE,
        FailureKind.BOMB,
        FailureKind.REDIRECTS,
    }
)


class RobotsGate:
    """Lets a request through when robots.txt does, or when the source documents why it need not be asked."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._setup = require_setup(crawler)
        self._records: dict[str, RobotsRecord] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        exception = self._setup.source.manners.robots_exception
        self._excepted = {target.origin for target in self._setup.first_targets()} if exception else set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "RobotsGate":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises NoPageError for what robots.txt closes."""
        if request.meta.get(META_IS_ROBOTS):
            return
        target = target_of(request)
        exception = self._setup.source.manners.robots_exception
        if exception is not None and target.origin in self._excepted:
            reason = f"not asked: {exception.reason} ({exception.documented_at})"
            request.meta[META_DECISION] = RobotsDecision(True, reason)
            return
        async with self._asking.setdefault(target.origin, asyncio.Lock()):
            record = await self._record(target.origin)
        decision = decide(record, target.href)
        request.meta[META_DECISION] = decision
        if not decision.allowed:
            raise NoPageError(_kind_of(record), decision.reason)

    async def _record(self, origin: str) -> RobotsRecord:
        now = self._setup.clock()
        known = self._records.get(origin) or await self._setup.memory.robots(origin)
        if known is None or not is_fresh(known, now):
            known = await self._fetch(origin)
            await self._setup.memory.keep_robots(origin, known)
        self._records[origin] = known
        return known

    async def _fetch(self, origin: str) -> RobotsRecord:
        place = parse_target(f"{origin}/robots.txt").href
        request = Request(place, meta={META_IS_ROBOTS: True}, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self._crawler.engine.download_async(request)
        except _TELLABLE as error:
            told = classify(error)
            if told is None or told.kind not in _UNREACHABLE:
                raise
            return RobotsRecord(0, b"", self._setup.clock(), f"{told.kind}: {told.detail}")
        return RobotsRecord(response.status, kept_body(response.body), self._setup.clock())


def _kind_of(record: RobotsRecord) -> FailureKind:
    """A host that cannot be reached at all is told as that, and not as one that closed itself to us."""
    stated = record.note.partition(":")[0]
    return FailureKind(stated) if stated in _UNREACHABLE else FailureKind.ROBOTS
