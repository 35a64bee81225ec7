"""Listings through the whole line into a large store, against an empty one in the same run."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bulk_store import fill
from benchmarks.figure import Figure, Measurement
from benchmarks.figures import line_throughput
from benchmarks.recorded_store import load_judge
from domain.snapshot import Page
from jobs.config import Config
from jobs.installation import Installation

FULL, QUICK = 1_000_000, 20_000
FULL_PAGES, QUICK_PAGES = 400, 60


def measure(quick: bool, seed: int) -> Measurement:
    """The ratio of their listings a second; the large store is built in bulk, its search index included."""
    listings = QUICK if quick else FULL
    count = (QUICK_PAGES if quick else FULL_PAGES) + line_throughput.WARM_PAGES
    pages = [line_throughput.channel_page(number, seed, FULL_PAGES) for number in range(count)]
    empty, _ = _listings_a_second(pages, 0, seed)
    full, size = _listings_a_second(pages, listings, seed)
    return Measurement(
        full / empty,
        {"listings": float(listings), "empty_listings_a_second": round(empty), "full_listings_a_second": round(full),
         "database_bytes_a_million_listings": round(size / listings * 1_000_000)},
    )  # fmt: skip


def _listings_a_second(pages: list[Page], listings: int, seed: int) -> tuple[float, int]:
    with TemporaryDirectory(prefix="undercut-bench-") as folder:
        installation = Installation(Config(data_folder=Path(folder)))
        try:
            if listings:
                judge = load_judge()
                database = installation.store.database
                fill(database, judge.detector, judge.rates, judge.policy, listings_wanted=listings, seed=seed)
            recorded, seconds = asyncio.run(line_throughput._through_the_line(installation, pages))
            size = (Path(folder) / "undercut.sqlite").stat().st_size
        finally:
            installation.close()
    return recorded / seconds, size


FIGURE = Figure(
    "ingest_growth", "whole-line ingest on a store of a million against an empty one", goal=0.8, unit="ratio",
    measure=measure,
)  # fmt: skip
