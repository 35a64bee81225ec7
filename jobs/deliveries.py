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
    """The deliver job and the bell that starts it. `ring` may be called from any thread, a job's own included."""

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
        self._state = threading.Condition()
        self._rung = False
        self._busy = False
        self._closed = False
        self._bell: threading.Thread | None = None

    def handle(self, arguments: JsonObject) -> JsonObject:
        """The job: one pass over what is due."""
        report = asyncio.run(self._one_pass())
        return {"delivered": report.delivered, "retried": report.retried, "parked": report.parked}

    def start(self, engine: Engine) -> None:
        """Begin to listen; jobs go to this engine. A thread of its own, since a job may not start another."""
        self._bell = threading.Thread(target=self._listen, args=(engine,), name="deliveries", daemon=True)
        self._bell.start()

    def ring(self) -> None:
        """Something may be due."""
        with self._state:
            self._rung = True
            self._state.notify_all()

    def wait_until_idle(self, seconds: float) -> bool:
        """Block until everything rung for has been tried; False when `seconds` pass before."""
        with self._state:
            return self._state.wait_for(lambda: not self._rung and not self._busy, seconds)

    def close(self, seconds: float) -> None:
        """Finish what was rung for, and listen no more."""
        self.wait_until_idle(seconds)
        with self._state:
            self._closed = True
            self._state.notify_all()
        if self._bell is not None:
            self._bell.join(seconds)

    def _listen(self, engine: Engine) -> None:
        while True:
            with self._state:
                self._state.wait_for(lambda: self._rung or self._closed)
                if self._closed:
                    return
                self._rung, self._busy = False, True
            try:
                job = Job(DELIVER, f"{DELIVER}:{uuid4().hex}", PARTITION)
                engine.run_now(job)
                engine.wait(job.job_id)
            finally:
                with self._state:
                    self._busy = False
                    self._state.notify_all()

    async def _one_pass(self) -> DeliveryReport:
        senders: dict[str, Sender] = open_senders(self._channels())
        try:
            return await deliver_due(self._outbox, senders, self._clock, pacing=self._pacing)
        finally:
            for sender in senders.values():
                await sender.close()
