"""Enforces politeness: each host is asked once at a time, no sooner than its pace allows, by all crawls together."""

import asyncio
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from crawlers.politeness import (
    HostState,
    Pace,
    Turn,
    after_answer,
    after_refusal,
    after_success,
    ask_turn,
    asked_pause_seconds,
    pace_for,
)
from crawlers.robots import RobotsDecision
from crawlers.spiders.failures import CrawlStoppedError, NoPageError
from crawlers.spiders.page import META_DECISION, plain_headers
from crawlers.step import CrawlStep, FailureKind
from crawlers.transports.chain import require_setup, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawlers.network_guard import Target


class PolitenessGate:
    """The last gate before the wire. A host's state lives in the crawl's memory, so that every process sees it."""

    def __init__(self, crawler: "Crawler") -> None:
        self._setup = require_setup(crawler)
        self._stopping: asyncio.Event = crawler.spider.stopping  # type: ignore[union-attr]
        self._locks: dict[str, asyncio.Lock] = {}
        self._asking: dict[Request, tuple[asyncio.Lock, Pace]] = {}
        self._backing_off: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "PolitenessGate":
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: "Request") -> None:
        """Returns when the host may be asked; raises NoPageError where that is not soon, or not today."""
        if self._stopping.is_set():
            raise CrawlStoppedError
        target = target_of(request)
        if self._setup.is_unhurried(target):
            return
        decision: RobotsDecision | None = request.meta.get(META_DECISION)
        pace = pace_for(
            target.host,
            self._setup.source.manners,
            crawl_delay_seconds=decision.crawl_delay_seconds if decision else None,
        )
        lock = self._locks.setdefault(target.host, asyncio.Lock())
        await lock.acquire()
        try:
            await self._wait_for_turn(target.host, pace)
        except BaseException:
            lock.release()
            raise
        self._asking[request] = (lock, pace)

    async def process_response(self, request: "Request", response: "Response") -> "Response":
        """Notes when the answer came, and what the host asks for."""
        await self._ended(request, response.status, plain_headers(response.headers))
        return response

    async def process_exception(self, request: "Request", exception: Exception) -> None:
        """Notes that no answer came."""
        await self._ended(request, 0, {})

    async def note(self, target: "Target", step: CrawlStep) -> None:
        """Note what a page turned out to be: a refusal that came with status 200 pauses the host all the same."""
        if self._setup.is_unhurried(target):
            return
        now, host = self._setup.clock(), target.host
        if step.refused:
            await self._setup.memory.change_host(
                host,
                lambda state: (
                    after_refusal(state, now, asked_seconds=step.pause_seconds, reason=step.reason),
                    None,
                ),
            )
        elif step.settled and host in self._backing_off:
            self._backing_off.discard(host)
            await self._setup.memory.change_host(host, lambda state: (after_success(state), None))

    async def _wait_for_turn(self, host: str, pace: Pace) -> None:
        while True:
            now, randomness = self._setup.clock(), self._setup.dice()
            turn = await self._setup.memory.change_host(host, partial(_take_turn, pace=pace, now=now, dice=randomness))
            if turn.backing_off:
                self._backing_off.add(host)
            if turn.granted:
                return
            seconds = (turn.next_at - now).total_seconds()
            if turn.over_budget:
                raise NoPageError(FailureKind.BUDGET, f"{host}: {turn.reason}", turn.next_at)
            if seconds > self._setup.limits.longest_wait_seconds:
                raise NoPageError(FailureKind.NOT_YET, f"{host}: {turn.reason}", turn.next_at)
            await self._rest(seconds)

    async def _rest(self, seconds: float) -> None:
        """Wait for a turn, or for the end of the crawl."""
        resting = asyncio.ensure_future(self._setup.rest(seconds))
        ending = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({resting, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            resting.cancel()
            ending.cancel()
        if self._stopping.is_set():
            raise CrawlStoppedError

    async def _ended(self, request: "Request", status: int, headers: "Mapping[str, str]") -> None:
        lock, pace = self._asking.pop(request, (None, None))
        if lock is None or pace is None:
            return
        now, randomness = self._setup.clock(), self._setup.dice()
        asked = asked_pause_seconds(status, headers, now)
        try:
            await self._setup.memory.change_host(
                target_of(request).host,
                lambda state: (
                    after_answer(state, pace, now, randomness, status=status, asked_seconds=asked),
                    None,
                ),
            )
        finally:
            lock.release()


def _take_turn(state: HostState, *, pace: Pace, now: datetime, dice: float) -> tuple[HostState, Turn]:
    return ask_turn(state, pace, now, dice)
