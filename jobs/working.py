"""A process that does jobs: any number may work on one store, and one of them schedules for all.

Whoever holds the scheduler's place looks at the agenda and takes up what dead workers left; when it ends, another takes
the place. A worker that ends on request leaves its unfinished jobs to the others, or to the next start.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import Final
from uuid import uuid4

from domain.errors import UndercutError
from jobs.chores import HEAVY, TIDY, do_heavy, tidy
from jobs.config import CONFIG_VARIABLE
from jobs.crawl_job import OnEvent, run_crawl
from jobs.dbos_engine import DbosEngine
from jobs.deliveries import DELIVER, Deliveries
from jobs.engine import Handler, JobLetGo, JsonObject
from jobs.events import CrawlEvent, PageEvent
from jobs.housekeeping import HOUSEKEEP, Housekeeping
from jobs.installation import LOGS_FOLDER, Installation
from jobs.logs import say_event
from jobs.planning import CRAWL
from jobs.reaper import Reaper
from jobs.room import RoomWatch
from jobs.schedule_view import entries
from jobs.scheduler import Scheduler
from jobs.supervise import load_beforehand
from storage.errors import SchedulerLostError, SchedulerRunningError, WorkerLostError
from storage.scheduler_lock import this_process

BEAT_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 1.0
REAP_SECONDS: Final = 5.0
DELIVERY_SECONDS: Final = 120.0

logger: Final = logging.getLogger(__name__)


class Scheduling(StrEnum):
    """Does this worker schedule?"""

    MUST = "must"
    """It does, or it does not start."""

    MAY = "may"
    """It does while nobody else does."""

    NEVER = "never"


class Worker:
    """One process at work: its engine, its deliveries, its heartbeat, and its part in scheduling."""

    def __init__(self, installation: Installation, on_event: OnEvent, scheduling: Scheduling = Scheduling.MAY) -> None:
        self.installation = installation
        self.stopping = threading.Event()
        self.scheduling = scheduling
        self._on_event = on_event
        self._holder = this_process()
        self._schedules = False
        self._lost: UndercutError | None = None
        self._done = threading.Event()
        store = installation.store
        specs = installation.channel_specs(with_secrets=True)
        self.deliveries = Deliveries(store, lambda: specs, installation.routing)
        self.housekeeping = Housekeeping(store)
        executor = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        at_once = installation.config.workers
        self.engine = DbosEngine(installation.config.engine, executor, self._handlers(), crawls_at_once=at_once)
        self._scheduler = Scheduler(lambda: entries(installation), store.schedule, self.engine)
        self._reaper = Reaper(store.workers, self.engine, self._holder.host)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take jobs until the end.

        Raises SchedulerRunningError where it must schedule and another does, NoRoomError when the disk is nearly full,
        and WorkerLostError when it was taken for dead.
        """
        store = self.installation.store
        if self.scheduling is Scheduling.MUST:
            store.scheduler_lock.acquire(self._holder)
            self._schedules = True
        room = RoomWatch(self.installation.config.data_folder, self.stopping.set)
        pulse = threading.Thread(target=self._beat, name="pulse", daemon=True)
        try:
            room.start()
            load_beforehand(["jobs.warm"])
            store.workers.join(self.engine.executor, self._holder)
            self.engine.launch()
            pulse.start()
            self.deliveries.start(self.engine)
            self._reap()
            with self._stop_on_signals():
                yield
            for wrong in (room.shortage, self._lost):
                if wrong is not None:
                    raise wrong
        finally:
            self.stopping.set()
            room.close()
            self.deliveries.close(DELIVERY_SECONDS)
            self.engine.close()
            self._done.set()
            if pulse.ident is not None:
                pulse.join()
            store.workers.leave(self.engine.executor)
            store.scheduler_lock.release(self._holder)

    def work(self) -> None:
        """Schedule where it falls to this worker, until asked to stop; jobs are done meanwhile."""
        reaped_at = time.monotonic()
        while not self.stopping.wait(LOOK_SECONDS):
            try:
                if not self._is_scheduling():
                    continue
                for job in self._scheduler.look():
                    logger.info("queued", extra={"fields": {"job": job.job_id, "lane": job.lane.value}})
                if time.monotonic() - reaped_at >= REAP_SECONDS:
                    reaped_at = time.monotonic()
                    self._reap()
            except UndercutError as error:
                # A database that is away for a moment: what is due stays due, and the next look comes soon.
                logger.error("scheduling waits: %s", error)

    def _is_scheduling(self) -> bool:
        if not self._schedules and self.scheduling is not Scheduling.NEVER:
            try:
                self.installation.store.scheduler_lock.acquire(self._holder)
            except SchedulerRunningError:
                # Asking is a write; once a heartbeat is often enough.
                self.stopping.wait(BEAT_SECONDS)
                return False
            self._schedules = True
            logger.info("this worker schedules now")
            self._reap()
        return self._schedules

    def _reap(self) -> None:
        if self._schedules:
            self._reaper.look()

    def _beat(self) -> None:
        store = self.installation.store
        while not self._done.wait(BEAT_SECONDS):
            try:
                store.workers.heartbeat(self.engine.executor)
                if self._schedules:
                    store.scheduler_lock.heartbeat(self._holder)
            except SchedulerLostError as error:
                self._schedules = False
                if self.scheduling is Scheduling.MUST:
                    self._lose(error)
            except WorkerLostError as error:
                self._lose(error)
            except UndercutError as error:
                logger.error("no heartbeat: %s", error)

    def _lose(self, error: UndercutError) -> None:
        if not self.stopping.is_set():
            self._lost = error
            self.stopping.set()

    def _handlers(self) -> dict[str, Handler]:
        heavy = {name: self._heavy(name) for name in HEAVY}
        plain: dict[str, Handler] = {
            CRAWL: self._crawl,
            DELIVER: self.deliveries.handle,
            HOUSEKEEP: self.housekeeping.handle,
            TIDY: lambda arguments: tidy(self.engine),
        }
        return plain | heavy

    def _heavy(self, name: str) -> Handler:
        def handle(arguments: JsonObject) -> JsonObject:
            result = do_heavy(name, self.installation, self.stopping.is_set)
            if self.stopping.is_set():
                raise JobLetGo
            return result

        return handle

    def _crawl(self, arguments: JsonObject) -> JsonObject:
        name = str(arguments["source"])
        config = self.installation.config
        config_file = os.environ.get(CONFIG_VARIABLE)
        summary = run_crawl(
            name,
            deadline_seconds=config.crawl_deadline_seconds,
            log=config.data_folder / LOGS_FOLDER / f"{name.replace('/', '-')}.log",
            on_event=self._on_crawl_event,
            config_file=Path(config_file) if config_file else None,
            cancelled=self.stopping.is_set,
            replay_from=str(arguments.get("replay_from", "")),
        )
        if summary.stopped:
            raise JobLetGo
        self.installation.store.schedule.note_end(f"{CRAWL}:{name}", summary.reason if summary.failed else "")
        say_event("crawled", **summary.as_json())
        return summary.as_json()

    def _on_crawl_event(self, source: str, event: CrawlEvent) -> None:
        if isinstance(event, PageEvent) and event.notices:
            self.deliveries.ring()
        self._on_event(source, event)

    @contextmanager
    def _stop_on_signals(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self.stopping.set()

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
