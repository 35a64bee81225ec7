"""A clock that jumps and comes back, and zones that change their hour: slots missed or doubled."""

import os
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from benchmarks.figure import Figure, Measurement
from benchmarks.simulated_schedule import Crawls, entries_of, live
from jobs.agenda import Agenda

SOURCES_QUICK, SOURCES_FULL = 200, 2000
CADENCE = timedelta(hours=1)
STEP_SECONDS = 20
JUMPS = tuple(timedelta(hours=hours) for hours in (24, -24, 3, -3, 1, -1))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
CHANGES = (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC))


def measure(quick: bool, seed: int) -> Measurement:
    """Gaps between two runs of one source that are no cadence long, plus ids that were used twice."""
    many = SOURCES_QUICK if quick else SOURCES_FULL
    wrong = runs = 0
    for jump in JUMPS:
        crawls = _with_a_jump(many, jump)
        wrong, runs = wrong + _wrong(crawls), runs + len(crawls)
    zone_before = os.environ.get("TZ")
    try:
        for zone, begin in zip((*ZONES, *ZONES), CHANGES * len(ZONES), strict=True):
            os.environ["TZ"] = zone
            time.tzset()
            crawls = _through(many, begin)
            wrong, runs = wrong + _wrong(crawls), runs + len(crawls)
    finally:
        os.environ.pop("TZ", None)
        if zone_before is not None:
            os.environ["TZ"] = zone_before
        time.tzset()
    return Measurement(float(wrong), {"runs": runs, "sources": many, "jumps": len(JUMPS), "changes of hour": 6})


def _with_a_jump(many: int, jump: timedelta) -> Crawls:
    agenda, begin = Agenda(), datetime(2026, 11, 24, 12, tzinfo=UTC)
    crawls: Crawls = []
    lived = 0
    agenda.plan(entries_of(many, CADENCE), {}, begin, 0.0)
    for seconds, off in ((3 * 3600, timedelta()), (5 * 3600, jump), (28 * 3600, timedelta())):
        crawls += live(agenda, begin, lived, seconds, STEP_SECONDS, off)
        lived = seconds
    return crawls


def _through(many: int, begin: datetime) -> Crawls:
    """A day and a half of local time, as an operator's machine tells it, and as aware times of that machine's zone."""
    agenda = Agenda()
    agenda.plan(entries_of(many, CADENCE), {}, begin.astimezone(), 0.0)
    return live(agenda, begin.astimezone(), 0, 36 * 3600, STEP_SECONDS, timedelta())


def _wrong(crawls: Crawls) -> int:
    """A new source runs at once and is in step within two cadences; from then on every gap must be a cadence long."""
    by_source: dict[str, list[int]] = defaultdict(list)
    for at, job_id in crawls:
        if at > 2 * CADENCE.total_seconds():
            by_source[job_id.split(":")[1]].append(at)
    # Jitter, and a slot that another clock numbers otherwise, move a run by a tenth of the cadence each; a slot that is
    # missed makes a gap of two cadences, one that is doubled a gap of half of one or less.
    slack = CADENCE.total_seconds() / 4
    late = sum(
        abs(after - before - CADENCE.total_seconds()) > slack
        for times in by_source.values()
        for before, after in pairwise(times)
    )
    ids = [job_id for _, job_id in crawls]
    return late + len(ids) - len(set(ids))


FIGURE = Figure(
    name="schedule_clock",
    title="clock jumps of a day, three hours, an hour and back, and daylight saving: slots missed or doubled",
    goal=0.0,
    unit="slots",
    measure=measure,
    at_least=False,
)
