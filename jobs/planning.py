"""Which sources are due, and the job that each becomes. Pure: the time and what is known are handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from domain.source import Source
from jobs.agenda import Entry, job_of
from jobs.engine import Job, Lane
from jobs.slots import Rhythm, spread_rhythm

CRAWL = "crawl"
SICK_AFTER = 2
"""Failed runs in a row after which a source queues in the sick lane; one good run brings it back."""


def rhythm_of(source: Source) -> Rhythm:
    """When a source is crawled; its jobs' ids begin with the rhythm's name."""
    return spread_rhythm(f"{CRAWL}:{source.name}", source.cadence)


def crawl_entry(source: Source, *, failures_in_a_row: int = 0) -> Entry:
    """The source on the schedule; one that keeps failing queues apart from the healthy ones."""
    lane = Lane.SICK if failures_in_a_row >= SICK_AFTER else Lane.CRAWL
    return Entry(rhythm_of(source), Job(CRAWL, "", site_of(source), {"source": source.name}, lane))


def due_sources(sources: Iterable[Source], last_read: Mapping[str, datetime], now: datetime) -> tuple[Source, ...]:
    """The sources that were not read in their present slot, by name."""
    due = []
    for source in sorted(sources, key=lambda each: each.name):
        read_at, rhythm = last_read.get(source.name), rhythm_of(source)
        if read_at is None or rhythm.slot(read_at) != rhythm.slot(now):
            due.append(source)
    return tuple(due)


def crawl_job(source: Source, now: datetime, *, asked_by_hand: bool = False, replay_from: Path | None = None) -> Job:
    """The source's crawl in the present slot; one that a person asks for is a job of its own.

    `replay_from` answers it from an archive instead of the network.
    """
    entry = crawl_entry(source)
    if not asked_by_hand:
        return job_of(entry, entry.rhythm.slot(now))
    replay = {"replay_from": str(replay_from.absolute())} if replay_from is not None else {}
    by_hand = f"{entry.name}:{now:by-hand-%Y%m%dT%H%M%S%f}"
    return replace(entry.job, job_id=by_hand, arguments={**entry.job.arguments, **replay})


def site_of(source: Source) -> str:
    """The partition of a source: its site, so that two sources of one site never run side by side."""
    return urlsplit(source.start_urls[0]).netloc if source.start_urls else source.name
