"""Receivers that fail for an hour, on a clock that is moved by hand: when everything is told after they recover."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.channel import Delivery, DeliveryResult
from alerts.delivery import DeliveryOptions, deliver_due
from alerts.digest import Digest
from benchmarks.alert_notices import START, assessed, page_of
from benchmarks.figure import Figure, Measurement
from domain.alert import Notice
from jobs.config import Config
from storage.outbox import NoticeState
from storage.store import Store, open_store

QUICK_ALERTS = 40
FULL_ALERTS = 300
OUTAGE = timedelta(hours=1)
STEP = timedelta(seconds=10)
LONGEST = timedelta(hours=2)
FAILURES = (
    DeliveryResult(Delivery.RETRY, "answered 500"),
    DeliveryResult(Delivery.RETRY, "answered 503", 120.0),
    DeliveryResult(Delivery.RETRY, "answered 429", 30.0),
    DeliveryResult(Delivery.RETRY, "no answer within 10 s"),
    DeliveryResult(Delivery.RETRY, "could not be reached"),
)
NOT_MET = 1e6


@dataclass
class Clock:
    """A clock that the benchmark moves."""

    now: datetime = START

    def __call__(self) -> datetime:
        """The time that it is set to."""
        return self.now


@dataclass
class Receiver:
    """Fails in every way until the outage is over."""

    clock: Clock
    chance: random.Random
    taken: list[tuple[str, int, datetime]] = field(default_factory=list)
    attempts_while_down: int = 0

    async def send(self, notice: Notice) -> DeliveryResult:
        """Take a notice, or fail."""
        if self.clock.now < START + OUTAGE:
            self.attempts_while_down += 1
            return self.chance.choice(FAILURES)
        self.taken.append((notice.alert.alert_id, notice.alert.version, self.clock.now))
        return DeliveryResult(Delivery.DELIVERED, "ok")

    async def send_digest(self, digest: Digest) -> DeliveryResult:
        """Nothing is folded here."""
        raise AssertionError("a channel without a budget folds nothing")

    async def close(self) -> None:
        """Nothing is held open."""


def measure(quick: bool, seed: int) -> Measurement:
    """Minutes from recovery to the last notice told, over the stored outbox; three versions of each alert."""
    alerts = QUICK_ALERTS if quick else FULL_ALERTS
    clock, chance = Clock(), random.Random(seed)
    receivers = {name: Receiver(clock, chance) for name in ("one", "two")}
    with TemporaryDirectory(prefix="undercut-bench-") as folder:
        store = open_store(Config(data_folder=Path(folder)).database, Path(folder), clock=clock)
        try:
            asyncio.run(_an_hour_and_more(store, receivers, clock, alerts, chance))
            lost = sum(count for state, count in store.outbox.counts().items() if state != NoticeState.DELIVERED)
        finally:
            store.close()
    expected = alerts * 3
    lost += sum(abs(expected - len(receiver.taken)) for receiver in receivers.values())
    disorder = sum(_out_of_order(receiver) for receiver in receivers.values())
    last = max((at for receiver in receivers.values() for _, _, at in receiver.taken), default=START + LONGEST)
    minutes = (last - START - OUTAGE).total_seconds() / 60
    return Measurement(
        minutes if not lost and not disorder else NOT_MET,
        {
            "notices": 2 * expected,
            "lost": lost,
            "out_of_order": disorder,
            "attempts_while_down": sum(receiver.attempts_while_down for receiver in receivers.values()),
        },
    )


async def _an_hour_and_more(
    store: Store, receivers: dict[str, Receiver], clock: Clock, alerts: int, chance: random.Random
) -> None:
    options = DeliveryOptions(draw=chance.random, poll_seconds=0.01)
    steps = int(OUTAGE / STEP) - 1
    versions = [(alert, version) for version in range(3) for alert in range(alerts)]
    due_at = {n: [] for n in range(steps)}  # type: dict[int, list[tuple[int, int]]]
    for place, one in enumerate(versions):
        due_at[place * steps // len(versions)].append(one)
    for step in range(int(LONGEST / STEP)):
        new = due_at.get(step, [])
        if new:
            listings = tuple(assessed(a, tuple(receivers), clock.now, text=f"version {v}") for a, v in new)
            store.record(page_of(listings, clock.now, step))
        if store.outbox.is_anything_due(clock.now):
            await deliver_due(store.outbox, receivers, clock, options=options)
        if clock.now > START + OUTAGE and store.outbox.oldest_waiting() is None:
            return
        clock.now += STEP


def _out_of_order(receiver: Receiver) -> int:
    told: dict[str, int] = {}
    wrong = 0
    for alert_id, version, _ in receiver.taken:
        wrong += version <= told.get(alert_id, 0)
        told[alert_id] = max(version, told.get(alert_id, 0))
    return wrong


FIGURE = Figure(
    name="alert_outage",
    title="receivers fail for an hour: minutes from recovery until everything is told, in order",
    goal=10.0,
    unit="min",
    measure=measure,
    at_least=False,
)
