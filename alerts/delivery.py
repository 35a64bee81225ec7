"""Delivery: what is due is told, at least once, each with its own key; one receiver's trouble never holds up another.

A crash between a receiver's yes and our record of it makes one repeat, which carries the same key. Within one alert and
channel notices keep their order. Receivers that are down are asked seldom, by few, until they answer.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from alerts.backoff import is_hopeless, wait_seconds
from alerts.channel import Delivery, DeliveryResult, Sender
from alerts.digest import DigestBuilder
from alerts.outbox import OutboxPort
from alerts.pacing import Fold, Gate, Hold, MemoryMessageLog, MessageLog, Pace
from domain.alert import ClaimedNotice, Notice
from domain.clock import Clock
from domain.errors import UndercutError
from domain.hostile_text import one_line

logger = logging.getLogger(__name__)

FAILURES_THAT_MEAN_DOWN = 3
MOST_TRIES_OF_A_DEFECT = 10


class LeaseError(UndercutError):
    """Notices would be claimed for less time than telling one may take."""


@dataclass(frozen=True, slots=True)
class Pacing:
    """How often each channel may speak, and what it said lately; a channel without a pace speaks at once."""

    paces: Mapping[str, Pace] = field(default_factory=dict)
    log: MessageLog = field(default_factory=MemoryMessageLog)


@dataclass(frozen=True, slots=True)
class DeliveryOptions:
    """Limits of one pass.

    `limit` notices are claimed at a time for `lease`; one attempt may take `longest_attempt_seconds`; no more is
    claimed after `longest_pass`. `draw` gives a number in [0, 1) for the jitter. `poll_seconds` is how soon a pass that
    waits for a slow receiver looks again for what others are due.
    """

    limit: int = 200
    lease: timedelta = timedelta(minutes=5)
    longest_attempt_seconds: float = 70.0
    longest_pass: timedelta = timedelta(minutes=1)
    poll_seconds: float = 0.2
    draw: Callable[[], float] = random.random

    def __post_init__(self) -> None:
        if self.lease.total_seconds() <= self.longest_attempt_seconds:
            raise LeaseError(
                f"a lease of {self.lease} does not outlast an attempt of {self.longest_attempt_seconds:g} s; "
                "two deliverers would tell the same notice"
            )


@dataclass(slots=True)
class DeliveryReport:
    """What one pass did, in notices; `digests` counts messages that stood for the notices in `folded`."""

    delivered: int = 0
    folded: int = 0
    digests: int = 0
    retried: int = 0
    parked: int = 0
    held: int = 0


async def deliver_due(
    outbox: OutboxPort,
    senders: Mapping[str, Sender],
    clock: Clock,
    *,
    pacing: Pacing | None = None,
    options: DeliveryOptions | None = None,
) -> DeliveryReport:
    """Tell everything that is due, and return when nothing is or the pass has lasted long enough.

    Channels are served side by side, each in order. A notice of a channel that no sender is open for is parked. Errors
    of the outbox itself are raised, after which the leases run out and the next pass goes on.
    """
    run = _Pass(outbox, senders, clock, pacing or Pacing(), options or DeliveryOptions())
    return await run.run()


@dataclass(frozen=True, slots=True)
class _Folded:
    """What is still needed of a notice that a digest stands for; the alert itself is let go."""

    notice_id: str
    attempts: int
    first_attempt_at: datetime | None


class _Pass:
    def __init__(
        self, outbox: OutboxPort, senders: Mapping[str, Sender], clock: Clock, pacing: Pacing, options: DeliveryOptions
    ) -> None:
        self.outbox = outbox
        self.senders = senders
        self.clock = clock
        self.pacing = pacing
        self.options = options
        self.report = DeliveryReport()
        self._lines: dict[str, _ChannelLine] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> DeliveryReport:
        ends_at = self.clock() + self.options.longest_pass
        try:
            while True:
                now = self.clock()
                claimed = self._claim(now) if now < ends_at else []
                drained = len(claimed) < self.options.limit
                for line in self._lines.values():
                    line.start(self._running, drained)
                if not self._running and drained:
                    return self.report
                await self._wait()
        finally:
            for task in self._running:
                task.cancel()
            if self._running:
                await asyncio.wait(self._running)

    def _claim(self, now: datetime) -> list[ClaimedNotice]:
        claimed = list(self.outbox.claim_due(now, self.options.limit, self.options.lease))
        for item in claimed:
            channel = item.notice.channel
            if channel not in self._lines:
                self._lines[channel] = _ChannelLine(channel, self)
            self._lines[channel].queue.append((item, now + self.options.lease))
        return claimed

    async def _wait(self) -> None:
        """Until one line is done, or it is time to look for what else is due."""
        if not self._running:
            await asyncio.sleep(0)
            return
        done, _ = await asyncio.wait(
            self._running, timeout=self.options.poll_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            self._running.discard(task)
            task.result()


class _ChannelLine:
    """The notices of one channel, told one after the other."""

    def __init__(self, channel: str, run: _Pass) -> None:
        self.channel = channel
        self.queue: deque[tuple[ClaimedNotice, datetime]] = deque()
        self._run = run
        self._sender = run.senders.get(channel)
        self._gate = Gate(channel, run.pacing.paces.get(channel, Pace()), run.pacing.log)
        self._task: asyncio.Task[None] | None = None
        self._waits: dict[str, datetime] = {}
        self._failures_in_a_row = 0
        self._down_until: datetime | None = None
        self._digest: DigestBuilder | None = None
        self._folded: list[_Folded] = []

    def start(self, running: set[asyncio.Task[None]], drained: bool) -> None:
        """Go on, unless going on already: with the queue, or with the digest once nothing more is due."""
        if self._task is not None and not self._task.done():
            return
        if self.queue:
            self._task = asyncio.create_task(self._work())
        elif self._digest is not None and drained:
            self._task = asyncio.create_task(self._tell_digest(self._digest))
        else:
            return
        running.add(self._task)

    async def _work(self) -> None:
        while self.queue:
            claimed, leased_until = self.queue.popleft()
            await self._handle(claimed, leased_until)
            # What is merely held or folded waits for nothing; the other channels get their turn all the same.
            await asyncio.sleep(0)

    async def _handle(self, claimed: ClaimedNotice, leased_until: datetime) -> None:
        notice, now = claimed.notice, self._run.clock()
        if self._sender is None:
            self._park(notice.notice_id, now, f"no channel is named {self.channel!r} in the configuration")
            return
        reason = self._reason_to_wait(notice, now, leased_until)
        if reason is not None:
            self._hold(notice.notice_id, reason)
            return
        verdict = self._gate.ask(notice, now)
        if isinstance(verdict, Hold):
            self._hold(notice.notice_id, verdict)
        elif isinstance(verdict, Fold):
            self._fold(claimed, verdict)
        else:
            await self._tell(claimed, self._sender)

    def _reason_to_wait(self, notice: Notice, now: datetime, leased_until: datetime) -> Hold | None:
        earlier = self._waits.get(notice.alert.alert_id)
        if earlier is not None:
            return Hold(earlier, "waits for an earlier notice of the same alert")
        if self._down_until is not None and now < self._down_until:
            return Hold(self._down_until, "the receiver does not answer")
        if now + timedelta(seconds=self._run.options.longest_attempt_seconds) > leased_until:
            return Hold(now, "the claim runs out")
        return None

    async def _tell(self, claimed: ClaimedNotice, sender: Sender) -> None:
        notice = claimed.notice
        result, defect = await self._attempt(sender.send(notice))
        now = self._run.clock()
        logger.info(
            "notice %s to channel %s, attempt %d: %s (%s)",
            notice.notice_id,
            self.channel,
            claimed.attempts + 1,
            result.outcome,
            one_line(result.detail),
        )
        if result.outcome is Delivery.DELIVERED:
            self._run.outbox.mark_delivered(notice.notice_id, now, result.detail)
            self._run.report.delivered += 1
            self._gate.note(notice, now)
            self._failures_in_a_row = 0
            return
        folded = _Folded(notice.notice_id, claimed.attempts, claimed.first_attempt_at)
        next_at = self._put_back(folded, result, now, defect)
        if next_at is not None:
            self._waits[notice.alert.alert_id] = next_at
            self._maybe_down(result, now, next_at)

    def _put_back(self, tried: _Folded, result: DeliveryResult, now: datetime, defect: bool) -> datetime | None:
        """Park what is refused or hopeless; else say when it is tried again."""
        if result.outcome is Delivery.REFUSED:
            self._park(tried.notice_id, now, f"refused: {result.detail}")
            return None
        if is_hopeless(tried.first_attempt_at, now):
            self._park(tried.notice_id, now, f"given up after a day of attempts: {result.detail}")
            return None
        if defect and tried.attempts + 1 >= MOST_TRIES_OF_A_DEFECT:
            self._park(tried.notice_id, now, f"given up after {tried.attempts + 1} attempts: {result.detail}")
            return None
        wait = wait_seconds(tried.attempts, self._run.options.draw(), result.retry_after_seconds)
        next_at = now + timedelta(seconds=wait)
        self._run.outbox.mark_retry(tried.notice_id, next_at, result.detail)
        self._run.report.retried += 1
        return next_at

    def _maybe_down(self, result: DeliveryResult, now: datetime, next_at: datetime) -> None:
        """A receiver that asks to wait, or fails several in a row, is left alone for a while.

        Those that were not tried come back before those that were, so that a notice that always fails cannot keep the
        others from being tried.
        """
        self._failures_in_a_row += 1
        if result.retry_after_seconds is not None:
            self._down_until = next_at
        elif self._failures_in_a_row >= FAILURES_THAT_MEAN_DOWN:
            self._down_until = now + (next_at - now) / 2

    async def _attempt(self, sending: Coroutine[Any, Any, DeliveryResult]) -> tuple[DeliveryResult, bool]:
        """One attempt's result, and whether the channel itself broke its promise never to raise."""
        task = asyncio.create_task(sending)
        limit = self._run.options.longest_attempt_seconds
        try:
            await asyncio.wait({task}, timeout=limit)
        finally:
            if not task.done():
                task.cancel()
        if not task.done():
            await asyncio.wait({task}, timeout=1.0)
        if task.cancelled() or not task.done():
            return DeliveryResult(Delivery.RETRY, f"no answer within {limit:g} s"), False
        error = task.exception()
        if error is not None:
            logger.error("channel %s raised %s", self.channel, type(error).__name__, exc_info=error)
            return DeliveryResult(Delivery.RETRY, f"the channel raised {type(error).__name__}; see the log"), True
        return task.result(), False

    def _fold(self, claimed: ClaimedNotice, verdict: Fold) -> None:
        if self._digest is None:
            self._digest = DigestBuilder(self.channel, verdict.reason)
        self._digest.add(claimed.notice)
        self._folded.append(_Folded(claimed.notice.notice_id, claimed.attempts, claimed.first_attempt_at))

    async def _tell_digest(self, builder: DigestBuilder) -> None:
        folded, self._folded, self._digest = self._folded, [], None
        if self._sender is None:
            return
        digest = builder.build(self._run.clock())
        result, defect = await self._attempt(self._sender.send_digest(digest))
        now = self._run.clock()
        logger.info(
            "digest %s of %d notices to channel %s: %s (%s)",
            digest.idempotency_key,
            digest.notices,
            self.channel,
            result.outcome,
            one_line(result.detail),
        )
        if result.outcome is not Delivery.DELIVERED:
            for tried in folded:
                self._put_back(tried, result, now, defect)
                await asyncio.sleep(0)
            return
        self._gate.note_digest(now)
        self._run.report.digests += 1
        for told in folded:
            self._run.outbox.mark_delivered(told.notice_id, now, f"told in {digest.idempotency_key}")
            self._run.report.folded += 1
            await asyncio.sleep(0)

    def _hold(self, notice_id: str, hold: Hold) -> None:
        self._run.outbox.mark_held(notice_id, hold.until, hold.why)
        self._run.report.held += 1

    def _park(self, notice_id: str, now: datetime, detail: str) -> None:
        logger.warning("notice %s to channel %s is parked: %s", notice_id, self.channel, one_line(detail))
        self._run.outbox.mark_parked(notice_id, now, detail)
        self._run.report.parked += 1
