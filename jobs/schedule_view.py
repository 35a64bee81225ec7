"""The schedule as people and programs ask for it."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.clock import utc_now
from domain.errors import UndercutError
from jobs.agenda import Agenda, Entry
from jobs.chores import chore_entries
from jobs.installation import Installation
from jobs.permission import why_not
from jobs.planning import CRAWL, SICK_AFTER, crawl_entry
from line.sources import span_words
from storage.schedule import Mark, Pause
from storage.workers import Worker

COLUMNS: Final = ("job", "every", "last run", "ended", "next run", "note")
MOST_BACKFILLED: Final = 1000


class ScheduleError(UndercutError):
    """Something was asked of the schedule that it cannot do."""


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One job: its entry, what is remembered of it, and when it is due next."""

    entry: Entry
    mark: Mark | None
    pause: Pause | None
    next_run: datetime

    def as_json(self) -> dict[str, object]:
        """The row for programs."""
        mark = self.mark
        return {
            "job": self.entry.name,
            "every_seconds": int(self.entry.rhythm.every.total_seconds()),
            "lane": self.entry.job.lane.value,
            "slot": mark.slot if mark else None,
            "last_run_at": mark.enqueued_at.isoformat() if mark else None,
            "ended_at": mark.ended_at.isoformat() if mark and mark.ended_at else None,
            "error": mark.error if mark else "",
            "failures_in_a_row": mark.failures_in_a_row if mark else 0,
            "paused": self.pause is not None,
            "next_run_at": None if self.pause else self.next_run.isoformat(),
        }

    def cells(self) -> tuple[str, ...]:
        """The row for a table."""
        mark, ended = self.mark, self.mark.ended_at if self.mark else None
        note = f"paused by {self.pause.paused_by}: {self.pause.reason}" if self.pause else (mark.error if mark else "")
        if mark is not None and mark.failures_in_a_row >= SICK_AFTER:
            note = f"failed {mark.failures_in_a_row} times in a row, queues apart: {note}"
        return (
            self.entry.name,
            span_words(self.entry.rhythm.every),
            _minute(mark.enqueued_at) if mark else "never",
            _minute(ended) if ended else "",
            "paused" if self.pause else _minute(self.next_run),
            note,
        )


def entries(installation: Installation) -> Iterator[Entry]:
    """Everything scheduled: the chores, and the sources that may run."""
    marks = installation.store.schedule.marks()
    yield from chore_entries()
    for source in installation.sources_anew().values():
        if why_not(source, installation.config) is None:
            mark = marks.get(f"{CRAWL}:{source.name}")
            yield crawl_entry(source, failures_in_a_row=mark.failures_in_a_row if mark else 0)


def schedule_rows(installation: Installation) -> tuple[ScheduleRow, ...]:
    """Every job, by name."""
    now, schedule = utc_now(), installation.store.schedule
    marks, pauses = schedule.marks(), schedule.pauses()
    agenda = Agenda()
    agenda.plan(entries(installation), marks, now, 0.0)
    return tuple(
        ScheduleRow(entry, marks.get(name), pauses.get(name), agenda.next_run(name, now))
        for name, entry in sorted(agenda.entries.items())
    )


def entry_named(installation: Installation, name: str) -> Entry:
    """The job of that name, or of that source; raises ScheduleError that names the nearest."""
    known = {entry.name: entry for entry in entries(installation)}
    found = known.get(name) or known.get(f"{CRAWL}:{name}")
    if found is None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise ScheduleError(f"nothing called {name!r} is scheduled{hint} `undercut schedule list` shows all")
    return found


def slots_between(entry: Entry, since: datetime, until: datetime) -> range:
    """The slots that start in a span of time; raises ScheduleError for none, too many, or some still to come."""
    if until > utc_now():
        raise ScheduleError("--to lies in the future; what is still to come runs by itself")
    slots = range(entry.rhythm.slot(since), entry.rhythm.slot(until))
    if not slots or len(slots) > MOST_BACKFILLED:
        raise ScheduleError(f"that is {len(slots)} slots; ask for 1 to {MOST_BACKFILLED} at a time")
    return slots


def who_schedules(installation: Installation) -> tuple[Worker, ...]:
    """The workers that have joined; empty when nobody works."""
    return installation.store.workers.all()


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"
