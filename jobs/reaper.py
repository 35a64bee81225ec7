"""Takes up again what dead workers left running. Only the process that schedules does this."""

import logging
import time
from collections.abc import Callable
from typing import Final

from jobs.engine import Engine
from storage.scheduler_lock import process_start
from storage.workers import SILENT_AFTER, Worker, Workers

logger: Final = logging.getLogger(__name__)


class Reaper:
    """Looks who of the workers still lives.

    One of this machine is dead when its process is gone. One of another machine is dead when its heartbeat stood still
    for long enough by this process's running clock, so that no wall clock, here or there, is trusted.
    """

    def __init__(
        self,
        workers: Workers,
        engine: Engine,
        host: str,
        *,
        steady: Callable[[], float] = time.monotonic,
        started: Callable[[int], str] = process_start,
    ) -> None:
        self._workers = workers
        self._engine = engine
        self._host = host
        self._steady = steady
        self._started = started
        self._heard: dict[str, tuple[object, float]] = {}

    def look(self) -> tuple[str, ...]:
        """Take out the dead and queue their jobs again; the ids of those jobs."""
        for worker in self._workers.all():
            if self._is_dead(worker):
                logger.warning("worker %s on %s is dead; its jobs are queued again", worker.executor, worker.host)
                self._workers.take_out(worker.executor)
                self._heard.pop(worker.executor, None)
        taken = self._engine.take_over(lambda: {worker.executor for worker in self._workers.all()})
        for job_id in taken:
            logger.warning("job %s is queued again: its worker ended before it did", job_id)
        return taken

    def _is_dead(self, worker: Worker) -> bool:
        if worker.host == self._host and worker.process_started:
            return self._started(worker.process_id) != worker.process_started
        now = self._steady()
        beat, since = self._heard.get(worker.executor, (None, now))
        if beat != worker.heartbeat_at:
            self._heard[worker.executor] = (worker.heartbeat_at, now)
            return False
        return now - since > SILENT_AFTER.total_seconds()
