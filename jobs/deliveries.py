"""Delivery as a job: rung for whenever something is new in the outbox, one pass at a time, until nothing is due."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from uuid import uuid4

from alerts.channel import Sender
from alerts.delivery import DeliveryReport, Pacing, deliver_due
from alerts.routing import Routing
from alerts.senders import ChannelSpec, open_senders
from domain.clock import Clock, utc_now
from jobs.engine import Engine, Job, JsonObject
from storage.outbox import Outbox

DELIVER = "deliver"
PARTITION = "outbox"


class Deliveries:
    """Hands the handler to the engine and starts passes; may be rung from any thread."""

    def __init__(
        self,
        outbox: Outbox,
        channels: Callable[[], Mapping[str, ChannelSpec]],
        routing: Routing,
        clock: Clock = utc_now,
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._pacing = Pacing(routing.paces())
        self._clock = clock
        self._lock = threading.Lock()
        self._running = False
        self._rung_again = False
        self._idle = threading.Event()
        self._idle.set()
        self.delivered = 0

    def handle(self, arguments: JsonObject) -> JsonObject:
        """The job: passes until nobody has rung since the last one began."""
        report = DeliveryReport()
        while True:
            with self._lock:
                self._rung_again = False
            report = asyncio.run(self._one_pass())
            self.delivered += report.delivered
            with self._lock:
                if not self._rung_again:
                    self._running = False
                    self._idle.set()
                    return {"delivered": report.delivered, "retried": report.retried, "parked": report.parked}

    def ring(self, engine: Engine) -> None:
        """Something may be due: start a pass, or let the running one go round once more."""
        with self._lock:
            if self._running:
                self._rung_again = True
                return
            self._running = True
            self._idle.clear()
        engine.run_now(Job(DELIVER, f"{DELIVER}:{uuid4().hex}", PARTITION))

    def wait_until_idle(self, seconds: float) -> bool:
        """Block until no pass is running; False when `seconds` pass before."""
        return self._idle.wait(seconds)

    async def _one_pass(self) -> DeliveryReport:
        senders: dict[str, Sender] = open_senders(self._channels())
        try:
            return await deliver_due(self._outbox, senders, self._clock, pacing=self._pacing)
        finally:
            for sender in senders.values():
                await sender.close()
