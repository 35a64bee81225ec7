"""Watching: plan what is due, let the engine crawl it, deliver what comes of it. One such process per store."""

import os
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from domain.clock import utc_now
from domain.errors import UndercutError
from domain.source import Source
from jobs.config import CONFIG_VARIABLE
from jobs.crawl_job import CrawlSummary, OnEvent, run_crawl
from jobs.dbos_engine import DbosEngine
from jobs.deliveries import DELIVER, Deliveries
from jobs.engine import Job, JobState, JsonObject
from jobs.events import CrawlEvent, PageEvent
from jobs.housekeeping import HOUSEKEEP, Housekeeping, do_chore
from jobs.installation import LOGS_FOLDER, Installation
from jobs.permission import why_not
from jobs.planning import CRAWL, crawl_job, due_sources
from jobs.room import RoomWatch
from jobs.supervise import load_beforehand
from storage.scheduler_lock import this_process

PLAN_EVERY_SECONDS = 5.0
DELIVERY_SECONDS = 120.0


class SourceNameError(UndercutError):
    """A source was named that does not exist or may not run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be crawled now, and what would not, each with the reason."""

    due: tuple[Source, ...]
    refused: tuple[tuple[str, str], ...]


def plan(installation: Installation, names: Sequence[str] = (), *, replayed: bool = False) -> Plan:
    """The named sources, or all that are due; SourceNameError for a name that may not be crawled (or replayed)."""
    refusals = {
        name: why_not(source, installation.config, replayed=replayed) for name, source in installation.sources.items()
    }
    for name in names:
        if name not in refusals:
            raise SourceNameError(f"no source {name!r}; `undercut sources list` shows all")
        if refusals[name] is not None:
            raise SourceNameError(f"{name} does not run: {refusals[name]}")
    refused = tuple((name, reason) for name, reason in sorted(refusals.items()) if reason is not None)
    if names:
        return Plan(tuple(installation.sources[name] for name in names), refused)
    permitted = [source for name, source in installation.sources.items() if refusals[name] is None]
    last_read = {name: state.last_page_at for name, state in installation.store.sources.states().items()}
    return Plan(due_sources(permitted, last_read, utc_now()), refused)


class Watch:
    """One scheduling process: the engine with its handlers, the lock on the store, and a clean way to stop."""

    def __init__(self, installation: Installation, on_event: OnEvent) -> None:
        self.installation = installation
        self.stopping = threading.Event()
        self._on_event = on_event
        self._holder = this_process()
        specs = installation.channel_specs(with_secrets=True)
        self.deliveries = Deliveries(installation.store, lambda: specs, installation.routing)
        self.housekeeping = Housekeeping(installation.store)
        self.engine = DbosEngine(
            installation.config.engine,
            f"{socket.gethostname()}-{os.getpid()}",
            {CRAWL: self._crawl, DELIVER: self.deliveries.handle, HOUSEKEEP: self.housekeeping.handle},
            crawls_at_once=installation.config.workers,
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold the store's scheduler lock and take jobs until the end.

        Raises SchedulerRunningError for a second one, and NoRoomError when the disk is nearly full, then or later.
        """
        lock = self.installation.store.scheduler_lock
        lock.acquire(self._holder)
        room = RoomWatch(self.installation.config.data_folder, self.stopping.set)
        try:
            room.start()
            load_beforehand(["jobs.warm"])
            self.engine.launch()
            self.engine.take_over()
            self.deliveries.start(self.engine)
            with self._stop_on_signals():
                yield
            if room.shortage is not None:
                raise room.shortage
        finally:
            self.stopping.set()
            room.close()
            self.deliveries.close(DELIVERY_SECONDS)
            self.engine.close()
            lock.release(self._holder)

    def crawl_once(
        self, sources: Sequence[Source], *, by_hand: bool, replay_from: Path | None = None
    ) -> list[CrawlSummary]:
        """Crawl these sources (or replay them) and deliver what came of it; a summary each, in the order given."""
        fresh = by_hand or replay_from is not None
        jobs = [
            crawl_job(source, utc_now(), asked_by_hand=by_hand, replay_from=replay_from)
            if fresh
            else self._job_of_slot(source)
            for source in sources
        ]
        for job in jobs:
            self.engine.enqueue(job)
        summaries = [self._summary(job) for job in jobs]
        self.deliveries.ring()
        self.deliveries.wait_until_idle(DELIVERY_SECONDS)
        self.housekeeping.ask(self.engine, utc_now())
        do_chore("search", self.installation.store)
        return summaries

    def keep_watching(self) -> None:
        """Plan and crawl until asked to stop."""
        while not self.stopping.is_set():
            self.installation.store.scheduler_lock.heartbeat(self._holder)
            for source in plan(self.installation).due:
                self.engine.enqueue(self._job_of_slot(source))
            self.housekeeping.ask(self.engine, utc_now())
            self.stopping.wait(PLAN_EVERY_SECONDS)

    def _job_of_slot(self, source: Source) -> Job:
        """The source's job of the present slot; a new one where it was stopped with an earlier worker."""
        job = crawl_job(source, utc_now())
        status = self.engine.status(job.job_id)
        if status is None or status.result is None or not status.result.get("stopped"):
            return job
        return replace(job, job_id=f"{job.job_id}:after-{self._holder.process_id}-{self._holder.process_started}")

    def _summary(self, job: Job) -> CrawlSummary:
        status = self.engine.wait(job.job_id)
        if status.state is JobState.SUCCEEDED and status.result is not None:
            return CrawlSummary(**status.result)  # type: ignore[arg-type]  # the shape that run_crawl gave
        reason = status.error or f"the job is {status.state}"
        return CrawlSummary(str(job.arguments["source"]), reason=reason, failed=True)

    def _crawl(self, arguments: JsonObject) -> JsonObject:
        name = str(arguments["source"])
        config = self.installation.config
        config_file = os.environ.get(CONFIG_VARIABLE)
        return run_crawl(
            name,
            deadline_seconds=config.crawl_deadline_seconds,
            log=config.data_folder / LOGS_FOLDER / f"{name.replace('/', '-')}.log",
            on_event=self._on_crawl_event,
            config_file=Path(config_file) if config_file else None,
            cancelled=self.stopping.is_set,
            replay_from=str(arguments.get("replay_from", "")),
        ).as_json()

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
