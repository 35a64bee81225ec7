"""Near-duplicates by the hundred thousand within an hour, with ten grave ones among them, on a clock moved by hand."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.channel import Delivery, DeliveryResult
from alerts.delivery import DeliveryOptions, Pacing, deliver_due
from alerts.digest import Digest
from alerts.routing import build_routing
from benchmarks.alert_notices import assessed, page_of
from benchmarks.figure import Figure, Measurement
from benchmarks.figures.alert_outage import NOT_MET, Clock
from domain.alert import Notice, Severity
from jobs.config import Config
from storage.outbox import NoticeState
from storage.store import Store, open_store

QUICK_ALERTS = 2_000
FULL_ALERTS = 100_000
GRAVE = 10
BUDGET = 20
A_PAGE = 200
HOUR = timedelta(hours=1)
MOST_DELAY = timedelta(minutes=5)
QUICK_STEP, FULL_STEP = timedelta(minutes=2), timedelta(minutes=1)
WATCHED = timedelta(hours=3)


@dataclass
class Chat:
    """What one chat was told, and when."""

    clock: Clock
    messages: list[datetime] = field(default_factory=list)
    grave_waits: list[timedelta] = field(default_factory=list)
    alerts: int = 0

    async def send(self, notice: Notice) -> DeliveryResult:
        """Take one notice."""
        self.messages.append(self.clock.now)
        self.alerts += 1
        if notice.alert.severity is Severity.CRITICAL:
            self.grave_waits.append(self.clock.now - notice.created_at)
        return DeliveryResult(Delivery.DELIVERED, "ok")

    async def send_digest(self, digest: Digest) -> DeliveryResult:
        """Take one message that stands for many."""
        self.messages.append(self.clock.now)
        self.alerts += digest.alerts
        return DeliveryResult(Delivery.DELIVERED, "ok")

    async def close(self) -> None:
        """Nothing is held open."""


def measure(quick: bool, seed: int) -> Measurement:
    """The most messages that any sixty minutes brought to a chat; 1e6 where a grave one was late or one was lost."""
    alerts, step = (QUICK_ALERTS, QUICK_STEP) if quick else (FULL_ALERTS, FULL_STEP)
    clock, chance = Clock(), random.Random(seed)
    chat = Chat(clock)
    with TemporaryDirectory(prefix="undercut-bench-") as folder:
        store = open_store(Config(data_folder=Path(folder)).database, Path(folder), clock=clock)
        try:
            asyncio.run(_storm(store, chat, alerts, step, set(chance.sample(range(alerts), GRAVE))))
            waiting = sum(n for state, n in store.outbox.counts().items() if state != NoticeState.DELIVERED)
        finally:
            store.close()
    lost = waiting + abs(alerts - chat.alerts)
    late = max(chat.grave_waits, default=WATCHED)
    most = max(sum(at - HOUR < other <= at for other in chat.messages) for at in chat.messages)
    met = not lost and len(chat.grave_waits) == GRAVE and late <= MOST_DELAY
    return Measurement(
        float(most) if met else NOT_MET,
        {
            "alerts": alerts,
            "messages": len(chat.messages),
            "grave_told_alone": len(chat.grave_waits),
            "grave_within_s": late.total_seconds(),
            "lost": lost,
        },
    )


async def _storm(store: Store, chat: Chat, alerts: int, step: timedelta, grave: set[int]) -> None:
    clock = chat.clock
    routing = build_routing({"chat": {"budget_per_hour": BUDGET}})
    pacing = Pacing(routing.paces(), store.channel_log)
    options = DeliveryOptions(poll_seconds=0.01, longest_pass=timedelta(hours=1))
    steps = int(HOUR / step)
    for number in range(int(WATCHED / step)):
        first, last = (min(n * alerts // steps, alerts) for n in (number, number + 1))
        for start in range(first, last, A_PAGE):
            numbers = range(start, min(start + A_PAGE, last))
            page = tuple(
                assessed(n, ("chat",), clock.now, severity=Severity.CRITICAL if n in grave else Severity.MEDIUM)
                for n in numbers
            )
            store.record(page_of(page, clock.now, start))
        if store.outbox.is_anything_due(clock.now):
            await deliver_due(store.outbox, {"chat": chat}, clock, pacing=pacing, options=options)
        if last == alerts and number >= steps and store.outbox.oldest_waiting() is None:
            return
        clock.now += step


FIGURE = Figure(
    name="alert_storm",
    title="100,000 near-duplicates an hour with 10 grave ones: most messages in any hour to one chat",
    goal=float(BUDGET),
    unit="messages/h",
    measure=measure,
    at_least=False,
)
