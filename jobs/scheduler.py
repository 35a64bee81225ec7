"""The scheduling half of a worker: looks at the agenda and at what people asked for, and queues what is due."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from domain.clock import Clock, utc_now
from jobs.agenda import Agenda, Entry, job_of
from jobs.engine import Engine, Job
from storage.schedule import Request, Schedule

PLAN_AGAIN_SECONDS: Final = 30.0
"""How soon a source that was added, changed or taken out is noticed."""

logger: Final = logging.getLogger(__name__)

Entries = Callable[[], Iterable[Entry]]
"""Gives everything scheduled, as it is now."""


class Scheduler:
    """Queues each slot's job once: its id names the slot, and a mark is written after it is queued, never before."""

    def __init__(
        self,
        entries: Entries,
        memory: Schedule,
        engine: Engine,
        *,
        clock: Clock = utc_now,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._entries = entries
        self._memory = memory
        self._engine = engine
        self._clock = clock
        self._steady = steady
        self._agenda = Agenda()
        self._planned_at: float | None = None

    def look(self) -> list[Job]:
        """Queue what is due and what was asked for; the jobs that were queued."""
        now, steady = self._clock(), self._steady()
        if self._planned_at is None or steady - self._planned_at >= PLAN_AGAIN_SECONDS:
            self._agenda.plan(self._entries(), self._memory.marks(), now, steady)
            self._planned_at = steady
        asked = [job for request in self._memory.requests() if (job := self._take(request)) is not None]
        due = self._agenda.look(now, steady, frozenset(self._memory.pauses()))
        for one in due:
            self._engine.enqueue(one.job)
        self._memory.mark(one.mark for one in due)
        return asked + [one.job for one in due]

    def _take(self, request: Request) -> Job | None:
        entry = self._agenda.entries.get(request.name)
        job = None
        if entry is None:
            logger.warning(
                "nothing called %s is scheduled; what %s asked for is dropped", request.name, request.asked_by
            )
        elif request.slot is not None:
            job = job_of(entry, request.slot)
        else:
            job = replace(entry.job, job_id=f"{entry.name}:asked-{request.request[:16]}")
        if job is not None:
            self._engine.enqueue(job)
        self._memory.forget(request)
        return job
