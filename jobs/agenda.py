"""What is due: a queue of everything scheduled, ordered by time, that a clock set forward or back does not confuse.

Pure: the wall clock's time and a clock that only runs forward are handed in. Looking costs as much as is due, not as
much as is scheduled.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from jobs.engine import Job
from jobs.slots import Rhythm
from storage.schedule import Mark

LEAST_SHARE_OF_CADENCE: Final = 0.5
"""However the clock jumps, a job waits for half its cadence before it comes again."""

OVERDUE_SHARE_OF_CADENCE: Final = 1.1
"""After this share of its cadence a job is due, wherever the jumping clock says that its slot begins."""

SAME_SHARE_OF_CADENCE: Final = 0.15
"""A slot that begins so soon after the last run is that run's own, which another clock called by another number."""

JUMP: Final = timedelta(seconds=90)
"""The wall clock's difference to the running clock's that counts as a jump."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something scheduled: its name is the beginning of its jobs' ids, `job` is what is done (its id is not used)."""

    rhythm: Rhythm
    job: Job

    @property
    def name(self) -> str:
        """The name that people pause and resume it by."""
        return self.rhythm.name


@dataclass(frozen=True, slots=True)
class Due:
    """A job whose slot has come, and the mark to remember it by."""

    job: Job
    mark: Mark


def job_of(entry: Entry, slot: int, era: int = 0) -> Job:
    """The entry's job in this slot; the same for everyone who asks."""
    again = f":again-{era}" if era else ""
    return replace(entry.job, job_id=f"{entry.name}:{slot}{again}")


@dataclass(slots=True)
class Agenda:
    """The entries and their marks. `look` gives what is due and moves the marks on."""

    entries: dict[str, Entry] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    _steady: dict[str, float] = field(default_factory=dict)
    _queue: list[tuple[datetime, str]] = field(default_factory=list)
    _looked: tuple[datetime, float] | None = None

    def plan(self, entries: Iterable[Entry], marks: Mapping[str, Mark], now: datetime, steady_seconds: float) -> None:
        """Take up these entries in place of what was planned; marks are what is remembered of earlier runs."""
        self.entries = {entry.name: entry for entry in entries}
        self.marks = {name: mark for name, mark in marks.items() if name in self.entries}
        self._steady = {name: at for name, at in self._steady.items() if name in self.entries}
        self._fill(now, steady_seconds)

    def look(self, now: datetime, steady_seconds: float, paused: frozenset[str] = frozenset()) -> list[Due]:
        """What is due now, by name; a paused job's slots pass."""
        if self._has_jumped(now, steady_seconds):
            self._fill(now, steady_seconds)
        self._looked = (now, steady_seconds)
        due = []
        while self._queue and self._queue[0][0] <= now:
            _, name = heapq.heappop(self._queue)
            entry = self.entries[name]
            wait = self._wait(entry, now, steady_seconds)
            slot, mark = entry.rhythm.slot(now), self.marks.get(name)
            if wait > timedelta():
                just_ran = wait > (LEAST_SHARE_OF_CADENCE - SAME_SHARE_OF_CADENCE) * entry.rhythm.every
                heapq.heappush(self._queue, (entry.rhythm.start(slot + 1) if just_ran else now + wait, name))
                continue
            heapq.heappush(self._queue, (entry.rhythm.start(slot + 1), name))
            if name in paused:
                self._steady[name] = steady_seconds
            elif name in self._steady or mark is None or mark.slot != slot:
                due.append(self._move_on(entry, slot, mark, now, steady_seconds))
        return sorted(due, key=lambda one: one.job.job_id)

    def next_run(self, name: str, now: datetime) -> datetime:
        """When the entry is due next; `now` for one that is due."""
        entry, mark = self.entries[name], self.marks.get(name)
        slot = entry.rhythm.slot(now)
        return now if mark is None or mark.slot != slot else entry.rhythm.start(slot + 1)

    def _move_on(self, entry: Entry, slot: int, mark: Mark | None, now: datetime, steady_seconds: float) -> Due:
        era = mark.era if mark is not None else 0
        if mark is not None and slot <= mark.slot:
            era += 1
        failures = mark.failures_in_a_row if mark is not None else 0
        moved = Mark(entry.name, slot, era, now, failures_in_a_row=failures)
        self.marks[entry.name] = moved
        self._steady[entry.name] = steady_seconds
        return Due(job_of(entry, slot, era), moved)

    def _wait(self, entry: Entry, now: datetime, steady_seconds: float) -> timedelta:
        """How long the entry has still to wait because its last run is too near."""
        least = LEAST_SHARE_OF_CADENCE * entry.rhythm.every
        at = self._steady.get(entry.name)
        if at is not None:
            return least - timedelta(seconds=steady_seconds - at)
        mark = self.marks.get(entry.name)
        # Of a run before this process began only the wall clock tells; one in the future tells nothing.
        if mark is None or mark.enqueued_at > now or mark.slot == entry.rhythm.slot(now):
            return timedelta()
        return least - (now - mark.enqueued_at)

    def _has_jumped(self, now: datetime, steady_seconds: float) -> bool:
        if self._looked is None:
            return False
        at, steady_at = self._looked
        return abs((now - at) - timedelta(seconds=steady_seconds - steady_at)) > JUMP

    def _fill(self, now: datetime, steady_seconds: float) -> None:
        self._queue = [(self._next(name, now, steady_seconds), name) for name in self.entries]
        heapq.heapify(self._queue)

    def _next(self, name: str, now: datetime, steady_seconds: float) -> datetime:
        at, rhythm = self._steady.get(name), self.entries[name].rhythm
        if at is None:
            return self.next_run(name, now)
        overdue = OVERDUE_SHARE_OF_CADENCE * rhythm.every - timedelta(seconds=steady_seconds - at)
        return min(rhythm.start(rhythm.slot(now) + 1), now + max(overdue, timedelta()))
