"""Delivery as a job: rung for whenever something is new in the outbox, and by the clock for what is due by then."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar
from uuid import uuid4

from alerts.channel import Sender
from alerts.delivery import DeliveryReport, Pacing, deliver_due
from alerts.routing import Routing
from alerts.senders import ChannelSpec, open_senders
from domain.clock import Clock, utc_now
from domain.errors import UndercutError
from jobs.engine import Engine, Job, JsonObject
from line.tending import tend
from storage.store import Store

DELIVER = "deliver"
PARTITION = "outbox"
LOOK_EVERY_SECONDS = 5.0
TEND_EVERY_SECONDS = 20.0
GOODBYE_SECONDS = 10.0
Done = TypeVar("Done")

logger = logging.getLogger(__name__)


class Deliveries:
    """The deliver job and the bell that starts it. `ring` may be called from any thread, a job's own included.

    Without being rung it looks every few seconds whether something has become due: a notice that waited for another
    attempt, for the end of quiet hours, or for its digest's hour. Now and then it lets the clock do its work on alerts.
    """

    def __init__(
        self,
        store: Store,
        channels: Callable[[], Mapping[str, ChannelSpec]],
        routing: Routing,
        clock: Clock = utc_now,
        *,
        look_every_seconds: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self._store = store
        self._channels = channels
        self._routing = routing
        self._pacing = Pacing(routing.paces(), store.channel_log)
        self._clock = clock
        self._look_every = look_every_seconds
        self._tended_at = float("-inf")
        self._talking = _Talking()
        self._senders: dict[str, Sender] = {}
        self._state = threading.Condition()
        self._rung = False
        self._busy = False
        self._closed = False
        self._bell: threading.Thread | None = None

    def handle(self, arguments: JsonObject) -> JsonObject:
        """The job: one pass over what is due."""
        report = self._talking.run(self._one_pass())
        return {
            "delivered": report.delivered,
            "digests": report.digests,
            "folded": report.folded,
            "retried": report.retried,
            "held": report.held,
            "parked": report.parked,
        }

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
        self._talking.close(self._senders)

    def _listen(self, engine: Engine) -> None:
        while True:
            with self._state:
                self._state.wait_for(lambda: self._rung or self._closed, self._look_every)
                if self._closed:
                    return
                self._rung, self._busy = False, True
            try:
                if self._is_anything_due():
                    job = Job(DELIVER, f"{DELIVER}:{uuid4().hex}", PARTITION)
                    engine.run_now(job)
                    engine.wait(job.job_id)
            except UndercutError as error:
                # Whatever it was may be over at the next look; what is due stays due.
                logger.error("deliveries wait: %s", error)
            finally:
                with self._state:
                    self._busy = False
                    self._state.notify_all()

    def _is_anything_due(self) -> bool:
        now = self._clock()
        if time.monotonic() - self._tended_at >= TEND_EVERY_SECONDS:
            self._tended_at = time.monotonic()
            tended = tend(self._store, self._routing, now)
            if tended.woken or tended.escalated:
                logger.info("%d alerts woke, %d notices of alerts left alone", tended.woken, tended.escalated)
        return self._store.outbox.is_anything_due(now)

    async def _one_pass(self) -> DeliveryReport:
        if not self._senders:
            self._senders = open_senders(self._channels())
        return await deliver_due(self._store.outbox, self._senders, self._clock, pacing=self._pacing)


class _Talking:
    """The event loop in which senders live from one pass to the next: opening one costs more than telling a notice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def run(self, work: Coroutine[Any, Any, Done]) -> Done:
        """Do the work in the loop, and wait for it."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="talking", daemon=True)
                self._thread.start()
            loop = self._loop
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    def close(self, senders: dict[str, Sender]) -> None:
        """Close the senders and end the loop."""
        if self._loop is None or self._thread is None:
            return

        async def close_all() -> None:
            for sender in senders.values():
                await sender.close()

        self.run(close_all())
        senders.clear()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(GOODBYE_SECONDS)
        self._loop.close()
        self._loop = self._thread = None
