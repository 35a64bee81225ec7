"""100 thousand sources over simulated days: does the schedule hold, does politeness, and does cost grow linearly?

The agenda is the real one. Workers and sites are simulated: a crawl takes the time its pages take at the site's delay,
a site's crawls follow one another, and the workers' places are what a cluster of that size would have.
"""

import heapq
import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.figure import Figure, Measurement
from benchmarks.simulated_schedule import SOURCES_A_SITE, entries_of
from jobs.agenda import Agenda
from storage.schedule import Mark

SIZES_QUICK, SIZES_FULL = (5_000, 20_000), (10_000, 100_000)
HOURS_QUICK, HOURS_FULL = 26, 72
CADENCE = timedelta(hours=6)
STEP_SECONDS = 5
CRAWL_SECONDS = 300.0
USE_OF_PLACES = 0.8
BEGIN = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass(slots=True)
class Told:
    """What one simulation came to."""

    crawls: int = 0
    most_late_seconds: float = 0.0
    side_by_side: int = 0
    seconds: float = 0.0
    places: int = 0


def measure(quick: bool, seed: int) -> Measurement:
    """The cost of a source in the larger simulation over its cost in the smaller; infinite where a promise broke."""
    sizes, hours = (SIZES_QUICK, HOURS_QUICK) if quick else (SIZES_FULL, HOURS_FULL)
    small, large = (_simulate(size, hours) for size in sizes)
    broken = large.side_by_side or large.most_late_seconds > CADENCE.total_seconds() / 2
    expected = sizes[1] * (hours * 3600 // CADENCE.total_seconds() - 1)
    broken = broken or large.crawls < expected
    ratio = (large.seconds / large.crawls) / (small.seconds / small.crawls)
    return Measurement(
        math.inf if broken else ratio,
        {
            "sources": sizes[1],
            "simulated_hours": hours,
            "crawls": large.crawls,
            "places": large.places,
            "most_late_seconds": round(large.most_late_seconds),
            "of_one_site_side_by_side": large.side_by_side,
            "microseconds_a_crawl": round(1e6 * large.seconds / large.crawls, 1),
        },
    )


def _simulate(many: int, hours: int) -> Told:
    places = math.ceil(many * CRAWL_SECONDS / CADENCE.total_seconds() / USE_OF_PLACES)
    told, agenda, started = Told(places=places), Agenda(), time.perf_counter()
    entries = list(entries_of(many, CADENCE))
    # An installation that has run for long: every source was crawled in its present slot.
    marks = {}
    for entry in entries:
        slot = entry.rhythm.slot(BEGIN)
        marks[entry.name] = Mark(entry.name, slot, 0, entry.rhythm.start(slot))
    agenda.plan(entries, marks, BEGIN, 0.0)
    cluster = _Cluster(places, told)
    for at in range(0, hours * 3600, STEP_SECONDS):
        for due in agenda.look(BEGIN + timedelta(seconds=at), float(at)):
            cluster.queue(due.job.partition, at)
        cluster.advance(at)
    told.seconds = time.perf_counter() - started
    return told


class _Cluster:
    """Places that crawl; a site's crawls wait for one another without taking a place."""

    def __init__(self, places: int, told: Told) -> None:
        self._free, self._told = places, told
        self._waiting: dict[str, deque[int]] = defaultdict(deque)
        self._ready: deque[str] = deque()
        self._running: list[tuple[float, str]] = []
        self._busy: set[str] = set()

    def queue(self, site: str, at: int) -> None:
        """A crawl of the site is due."""
        self._waiting[site].append(at)
        if site not in self._busy and len(self._waiting[site]) == 1:
            self._ready.append(site)

    def advance(self, at: int) -> None:
        """End what has ended by now, and begin what has a place and a site to itself."""
        while self._running and self._running[0][0] <= at:
            _, site = heapq.heappop(self._running)
            self._free += 1
            self._busy.discard(site)
            if self._waiting[site]:
                self._ready.append(site)
        while self._free and self._ready:
            site = self._ready.popleft()
            self._told.side_by_side += site in self._busy
            due_at = self._waiting[site].popleft()
            self._told.most_late_seconds = max(self._told.most_late_seconds, at - due_at)
            self._told.crawls += 1
            self._free -= 1
            self._busy.add(site)
            heapq.heappush(self._running, (at + CRAWL_SECONDS, site))


FIGURE = Figure(
    name="schedule_simulation",
    title=f"100 thousand sources, {SOURCES_A_SITE} a site, three simulated days: a crawl's cost to a tenth's",
    goal=1.5,
    unit="times",
    measure=measure,
    at_least=False,
)
