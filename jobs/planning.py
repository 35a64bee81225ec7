"""Which sources are due, and the job that each becomes. Pure: the time and what is known are handed in."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from domain.source import Source
from jobs.engine import Job

CRAWL = "crawl"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def slot_of(cadence: timedelta, now: datetime) -> int:
    """The number of the present slot: slots are `cadence` long, counted from a fixed day, so that all workers agree."""
    return (now - _EPOCH) // cadence


def due_sources(sources: Iterable[Source], last_read: Mapping[str, datetime], now: datetime) -> tuple[Source, ...]:
    """The sources that were not read in their present slot, by name."""
    due = []
    for source in sorted(sources, key=lambda each: each.name):
        read_at = last_read.get(source.name)
        if read_at is None or slot_of(source.cadence, read_at) < slot_of(source.cadence, now):
            due.append(source)
    return tuple(due)


def crawl_job(source: Source, now: datetime, *, asked_by_hand: bool = False, replay_from: Path | None = None) -> Job:
    """The source's crawl in the present slot; one that a person asks for is a job of its own.

    `replay_from` answers it from an archive instead of the network.
    """
    slot = now.strftime("by-hand-%Y%m%dT%H%M%S%f") if asked_by_hand else str(slot_of(source.cadence, now))
    replay = {"replay_from": str(replay_from.absolute())} if replay_from is not None else {}
    return Job(CRAWL, f"{CRAWL}:{source.name}:{slot}", site_of(source), {"source": source.name, **replay})


def site_of(source: Source) -> str:
    """The partition of a source: its site, so that two sources of one site never run side by side."""
    return urlsplit(source.start_urls[0]).netloc if source.start_urls else source.name
