"""Senders that answer as a test tells them to, and remember what they were told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from alerts.channel import Delivery, DeliveryResult
from alerts.delivery import DeliveryOptions, DeliveryReport, Pacing, deliver_due
from alerts.digest import Digest
from alerts.memory_outbox import MemoryOutbox
from domain.alert import Notice
from tests.alerts.conftest import HandClock

OK = DeliveryResult(Delivery.DELIVERED, "ok")
DOWN = DeliveryResult(Delivery.RETRY, "500")
NO = DeliveryResult(Delivery.REFUSED, "403")
OPTIONS = DeliveryOptions(draw=lambda: 0.5, poll_seconds=0.01)


@dataclass
class Receiver:
    """Answers every key as `answer` says; `taken` are those it accepted."""

    answer: Callable[[str], DeliveryResult] = lambda key: OK
    keys: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    digests: list[Digest] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, notice: Notice) -> DeliveryResult:
        return self._tell(notice.idempotency_key)

    async def send_digest(self, digest: Digest) -> DeliveryResult:
        self.digests.append(digest)
        return self._tell(digest.idempotency_key)

    async def close(self) -> None: ...

    def _tell(self, key: str) -> DeliveryResult:
        self.keys.append(key)
        result = self.answer(key)
        if result.outcome is Delivery.DELIVERED:
            self.taken.append(key)
            self.told.set()
        return result


async def run(
    outbox: MemoryOutbox, receivers: dict[str, Receiver], clock: HandClock, pacing: Pacing | None = None
) -> DeliveryReport:
    """One pass."""
    return await deliver_due(outbox, receivers, clock, pacing=pacing, options=OPTIONS)
