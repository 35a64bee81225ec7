"""A process that records alerts and tells them, and ends as by `kill -9` where it is told to."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import event

from alerts.channel import Delivery, DeliveryResult, Sender
from alerts.delivery import DeliveryOptions, deliver_due
from alerts.digest import Digest
from alerts.senders import ChannelSpec, open_senders
from benchmarks.alert_notices import assessed, page_of
from domain.alert import ClaimedNotice, Notice, Settlement
from domain.clock import Clock, utc_now
from storage.database import open_database
from storage.evidence import open_evidence
from storage.outbox import Outbox
from storage.store import Store


class Point(StrEnum):
    """Where a process ends. Each lies between two steps, so that together they cover a notice's whole way."""

    NONE = "none"
    RECORDING = "recording, before the commit"
    RECORDED = "recorded"
    CLAIMING = "claiming, before the commit"
    CLAIMED = "claimed"
    SENDING = "about to send"
    ACCEPTED = "accepted, not recorded"
    SETTLING = "settling, before the commit"
    SETTLED = "settled"


AFTER_ACCEPTANCE = frozenset({Point.ACCEPTED, Point.SETTLING})
"""Crashes that may repeat a message at a receiver that keeps no key."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a child does: record a page of alerts (none for 0), tell what is due, and end at the `nth` time at a point.

    `ahead_seconds` is how far its clock stands before the real one, so that a dead child's claims have run out.
    """

    folder: str
    page: int
    alerts: int
    channels: Mapping[str, ChannelSpec]
    point: Point
    nth: int
    ahead_seconds: float


class Trigger:
    """Ends the process at the nth time that its point is reached."""

    def __init__(self, point: Point, nth: int) -> None:
        self._point, self._left = point, nth
        self.phase = Point.NONE

    def reach(self, point: Point) -> None:
        """Here the process may end."""
        if point is self._point:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def commit(self, connection: object) -> None:
        """A transaction is about to be committed."""
        self.reach(self.phase)


class WatchedOutbox(Outbox):
    """The outbox with its crash points."""

    trigger: Trigger

    def claim_due(self, now: datetime, limit: int, lease: timedelta) -> list[ClaimedNotice]:
        """See Outbox."""
        self.trigger.phase = Point.CLAIMING
        claimed = super().claim_due(now, limit, lease)
        self.trigger.phase = Point.NONE
        if claimed:
            self.trigger.reach(Point.CLAIMED)
        return claimed

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """See Outbox."""
        self.trigger.phase = Point.SETTLING
        super().settle(settlements)
        self.trigger.phase = Point.NONE
        self.trigger.reach(Point.SETTLED)


class WatchedSender:
    """A sender with its crash points."""

    def __init__(self, inner: Sender, trigger: Trigger) -> None:
        self._inner, self._trigger = inner, trigger

    async def send(self, notice: Notice) -> DeliveryResult:
        """See Sender."""
        self._trigger.reach(Point.SENDING)
        result = await self._inner.send(notice)
        if result.outcome is Delivery.DELIVERED:
            self._trigger.reach(Point.ACCEPTED)
        return result

    async def send_digest(self, digest: Digest) -> DeliveryResult:
        """See Sender."""
        return await self._inner.send_digest(digest)

    async def close(self) -> None:
        """See Sender."""
        await self._inner.close()


def work(task: Task) -> None:
    """The child's whole life, unless it is ended before."""

    def clock() -> datetime:
        return utc_now() + timedelta(seconds=task.ahead_seconds)

    folder = Path(task.folder)
    database = open_database(f"sqlite:///{folder / 'undercut.sqlite'}", migrate=False)
    store = Store(database, open_evidence(folder / "evidence", folder / "master.key"), clock)
    trigger = Trigger(task.point, task.nth)
    event.listen(database.engine, "commit", trigger.commit)
    if task.alerts:
        trigger.phase = Point.RECORDING
        first = task.page * task.alerts
        listings = tuple(assessed(first + n, tuple(task.channels), clock()) for n in range(task.alerts))
        store.record(page_of(listings, clock(), task.page))
        trigger.phase = Point.NONE
        trigger.reach(Point.RECORDED)
    outbox = WatchedOutbox(database, clock)
    outbox.trigger = trigger
    asyncio.run(_deliver(outbox, task.channels, trigger, clock))
    store.close()


async def _deliver(outbox: Outbox, channels: Mapping[str, ChannelSpec], trigger: Trigger, clock: Clock) -> None:
    senders = {name: WatchedSender(sender, trigger) for name, sender in open_senders(channels).items()}
    await deliver_due(outbox, senders, clock, options=DeliveryOptions(poll_seconds=0.01))
    for sender in senders.values():
        await sender.close()
