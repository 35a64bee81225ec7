"""Pricing and judging stored listings again: how long a million would take, and whether memory stays flat."""

import os
import resource
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from alerts.senders import routing_of
from benchmarks.bulk_store import fill
from benchmarks.figure import Figure, Measurement
from benchmarks.recorded_store import load_judge, open_in
from line.rejudge import Difference, Rules, Scope, rejudge

FULL, QUICK = 1_000_000, 4_000
MILLION = 1_000_000


def measure(quick: bool, seed: int) -> Measurement:
    """A dry run over a bulk-built store; every conclusion differs there in its names, which is the slow case."""
    judge = load_judge()
    wanted = QUICK if quick else FULL
    rules = Rules(judge.detector, judge.rates, judge.policy, routing_of({}))
    told: Counter[str] = Counter()

    def count(one: Difference) -> None:
        told[one.what] += 1

    with TemporaryDirectory(prefix="undercut-bench-") as name:
        store = open_in(Path(name))
        try:
            fill(store.database, judge.detector, judge.rates, judge.policy, listings_wanted=wanted, seed=seed)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started = time.perf_counter()
            workers = len(os.sched_getaffinity(0))
            counts = rejudge(store, rules, Scope(workers=workers), apply=False, on_difference=count)
            seconds = time.perf_counter() - started
        finally:
            store.close()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return Measurement(
        seconds / counts["listings"] * MILLION / 60,
        {"listings": float(counts["listings"]), "seconds": round(seconds, 1), "workers": float(workers),
         "listings_a_second": round(counts["listings"] / seconds), "memory_grew_mb": round(grown, 1),
         "differences": float(told.total())},
    )  # fmt: skip


FIGURE = Figure(
    "rejudge", "pricing and judging a million stored listings again", goal=10.0, unit="minutes", measure=measure,
    at_least=False,
)  # fmt: skip
