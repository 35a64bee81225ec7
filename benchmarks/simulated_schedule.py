"""The real agenda, lived through in simulated time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.source import Source
from jobs.agenda import Agenda, Entry
from jobs.planning import crawl_entry

Crawls = list[tuple[int, str]]
"""When each job was queued, in true seconds since the beginning, and its id."""

SOURCES_A_SITE = 4


def entries_of(many: int, cadence: timedelta) -> Iterator[Entry]:
    """Invented sources, a few to each site."""
    for number in range(many):
        site = f"site-{number // SOURCES_A_SITE}.example.test"
        source = Source(
            f"made/source-{number}", "new_api", (f"https://{site}/{number}",), "benchmark", "benchmarks", cadence
        )
        yield crawl_entry(source)


def live(agenda: Agenda, begin: datetime, seconds: int, until: int, step: int, off: timedelta) -> Crawls:
    """Look every `step` seconds from one true second to another, on a wall clock that is wrong by `off`."""
    crawls: Crawls = []
    for at in range(seconds, until, step):
        due = agenda.look(begin + timedelta(seconds=at) + off, float(at))
        crawls.extend((at, one.job.job_id) for one in due)
    return crawls
