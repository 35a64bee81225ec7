"""The notices of one channel, told one after the other: what each attempt leads to, and what is recorded of it."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alerts.backoff import is_hopeless, wait_seconds
from alerts.channel import Delivery, DeliveryResult, Sender
from alerts.digest import DigestBuilder
from alerts.outbox import OutboxPort, settle_all
from alerts.pacing import Fold, Gate, Hold
from domain.alert import ClaimedNotice, Notice, Settled, Settlement
from domain.clock import Clock
from domain.errors import UndercutError
from domain.hostile_text import one_line

logger = logging.getLogger(__name__)

FAILURES_THAT_MEAN_DOWN = 3
MOST_TRIES_OF_A_DEFECT = 10
SETTLED_TOGETHER = 500


class LeaseError(UndercutError):
    """Notices would be claimed for less time than telling one may take."""


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


@dataclass(frozen=True, slots=True)
class Desk:
    """What all channels of a pass share."""

    outbox: OutboxPort
    clock: Clock
    options: DeliveryOptions
    report: DeliveryReport


@dataclass(frozen=True, slots=True)
class _Tried:
    """What is still needed of a notice once its alert has been told or folded; the alert itself is let go."""

    notice_id: str
    attempts: int
    first_attempt_at: datetime | None


class ChannelLine:
    """One channel's queue. `sender` is None where the configuration names no such channel."""

    def __init__(self, channel: str, sender: Sender | None, gate: Gate, desk: Desk) -> None:
        self.channel = channel
        self._sender = sender
        self._gate = gate
        self._desk = desk
        self._queue: deque[tuple[ClaimedNotice, datetime]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._held: list[Settlement] = []
        self._waits: dict[str, datetime] = {}
        self._failures_in_a_row = 0
        self._down_until: datetime | None = None
        self._digest: DigestBuilder | None = None
        self._folded: list[_Tried] = []
        self._folded_until: datetime | None = None

    def add(self, claimed: ClaimedNotice, leased_until: datetime) -> None:
        """Put a claimed notice at the end of the queue."""
        self._queue.append((claimed, leased_until))

    def start(self, running: set[asyncio.Task[None]], drained: bool) -> None:
        """Go on, unless going on already: with the queue, or with the digest once nothing more is due."""
        if self._task is not None and not self._task.done():
            return
        if self._queue:
            self._task = asyncio.create_task(self._work())
        elif self._digest is not None and drained:
            self._task = asyncio.create_task(self._tell_digest(self._digest))
        else:
            return
        running.add(self._task)

    async def _work(self) -> None:
        while self._queue:
            await self._handle(*self._queue.popleft())
            if len(self._held) >= SETTLED_TOGETHER:
                self._settle_held()
            # What is merely held or folded waits for nothing; the other channels get their turn all the same.
            await asyncio.sleep(0)
        self._settle_held()

    async def _handle(self, claimed: ClaimedNotice, leased_until: datetime) -> None:
        notice, now = claimed.notice, self._desk.clock()
        if self._sender is None:
            self._park([_tried(claimed)], now, f"no channel is named {self.channel!r} in the configuration")
            return
        verdict = self._reason_to_wait(notice, now, leased_until) or self._gate.ask(notice, now)
        if isinstance(verdict, Hold):
            self._held.append(Settlement(notice.notice_id, Settled.HELD, verdict.until, verdict.why))
        elif isinstance(verdict, Fold):
            self._fold(claimed, verdict, leased_until)
        else:
            await self._tell(claimed, self._sender)

    def _reason_to_wait(self, notice: Notice, now: datetime, leased_until: datetime) -> Hold | None:
        earlier = self._waits.get(notice.alert.alert_id)
        if earlier is not None:
            return Hold(earlier, "waits for an earlier notice of the same alert")
        if self._down_until is not None and now < self._down_until:
            return Hold(self._down_until, "the receiver does not answer")
        if self._runs_out(leased_until, now):
            return Hold(now, "the claim runs out")
        return None

    def _runs_out(self, leased_until: datetime, now: datetime) -> bool:
        return now + timedelta(seconds=self._desk.options.longest_attempt_seconds) > leased_until

    async def _tell(self, claimed: ClaimedNotice, sender: Sender) -> None:
        notice = claimed.notice
        result, defect = await self._attempt(sender.send(notice))
        now = self._desk.clock()
        logger.info(
            "notice %s to channel %s, attempt %d: %s (%s)",
            notice.notice_id,
            self.channel,
            claimed.attempts + 1,
            result.outcome,
            one_line(result.detail),
        )
        if result.outcome is Delivery.DELIVERED:
            self._desk.outbox.mark_delivered(notice.notice_id, now, result.detail)
            self._desk.report.delivered += 1
            self._gate.note(notice, now)
            self._failures_in_a_row = 0
            return
        next_at = self._put_back([_tried(claimed)], result, now, defect)
        if next_at is not None:
            self._waits[notice.alert.alert_id] = next_at
            self._maybe_down(result, now, next_at)

    def _put_back(
        self, tried: Sequence[_Tried], result: DeliveryResult, now: datetime, defect: bool
    ) -> datetime | None:
        """Park what is refused or hopeless; the rest is tried again at one time, so that a digest stays one."""
        if result.outcome is Delivery.REFUSED:
            self._park(tried, now, f"refused: {result.detail}")
            return None
        hopeless = [one for one in tried if is_hopeless(one.first_attempt_at, now)]
        self._park(hopeless, now, f"given up after a day of attempts: {result.detail}")
        defective = [one for one in tried if defect and one.attempts + 1 >= MOST_TRIES_OF_A_DEFECT]
        self._park(defective, now, f"given up after {MOST_TRIES_OF_A_DEFECT} attempts: {result.detail}")
        gone = {one.notice_id for one in (*hopeless, *defective)}
        left = [one for one in tried if one.notice_id not in gone]
        if not left:
            return None
        attempts = max(one.attempts for one in left)
        wait = wait_seconds(attempts, self._desk.options.draw(), result.retry_after_seconds)
        next_at = now + timedelta(seconds=wait)
        self._settle([Settlement(one.notice_id, Settled.RETRY, next_at, result.detail) for one in left])
        self._desk.report.retried += len(left)
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
        limit = self._desk.options.longest_attempt_seconds
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

    def _fold(self, claimed: ClaimedNotice, verdict: Fold, leased_until: datetime) -> None:
        if self._digest is None:
            self._digest = DigestBuilder(self.channel, verdict.reason)
            self._folded_until = leased_until
        self._digest.add(claimed.notice)
        self._folded.append(_tried(claimed))

    async def _tell_digest(self, builder: DigestBuilder) -> None:
        folded, leased_until, now = self._folded, self._folded_until, self._desk.clock()
        self._folded, self._folded_until, self._digest = [], None, None
        if self._sender is None or leased_until is None or self._runs_out(leased_until, now):
            self._settle([Settlement(one.notice_id, Settled.HELD, now, "the claim runs out") for one in folded])
            self._desk.report.held += len(folded)
            return
        digest = builder.build(now)
        result, defect = await self._attempt(self._sender.send_digest(digest))
        now = self._desk.clock()
        logger.info(
            "digest %s of %d notices to channel %s: %s (%s)",
            digest.idempotency_key,
            digest.notices,
            self.channel,
            result.outcome,
            one_line(result.detail),
        )
        if result.outcome is not Delivery.DELIVERED:
            self._put_back(folded, result, now, defect)
            return
        self._gate.note_digest(now)
        told = f"told in {digest.idempotency_key}"
        self._settle([Settlement(one.notice_id, Settled.DELIVERED, now, told) for one in folded])
        self._desk.report.digests += 1
        self._desk.report.folded += len(folded)

    def _settle_held(self) -> None:
        held, self._held = self._held, []
        self._settle(held)
        self._desk.report.held += len(held)

    def _park(self, tried: Sequence[_Tried], now: datetime, detail: str) -> None:
        for one in tried:
            logger.warning("notice %s to channel %s is parked: %s", one.notice_id, self.channel, one_line(detail))
        self._settle([Settlement(one.notice_id, Settled.PARKED, now, detail) for one in tried])
        self._desk.report.parked += len(tried)

    def _settle(self, settlements: Sequence[Settlement]) -> None:
        for start in range(0, len(settlements), SETTLED_TOGETHER):
            settle_all(self._desk.outbox, settlements[start : start + SETTLED_TOGETHER])


def _tried(claimed: ClaimedNotice) -> _Tried:
    return _Tried(claimed.notice.notice_id, claimed.attempts, claimed.first_attempt_at)
