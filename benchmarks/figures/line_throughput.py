"""Listings through the whole line, from a page received to its findings recorded, on two cores."""

import asyncio
import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, Measurement
from crawlers.reading_pool import ReadingPool
from domain.snapshot import Page, Snapshot
from jobs.config import Config
from jobs.installation import Installation
from line.page import process_page
from street.load import load_channel_page
from street.telegram_page import PAGE_POSTS

FAMILY = "telegram_preview"
QUICK_PAGES = 150
FULL_PAGES = 1_000
WARM_PAGES = 5
# Pages in flight: one is read in the child while another is judged and recorded here.
IN_FLIGHT = 3
FETCHED = datetime(2026, 10, 24, 12, tzinfo=UTC)


def measure(quick: bool, seed: int) -> Measurement:
    """Listings a second over pages of 20, into a new SQLite store."""
    pages = [
        channel_page(number, seed, FULL_PAGES) for number in range((QUICK_PAGES if quick else FULL_PAGES) + WARM_PAGES)
    ]
    with TemporaryDirectory(prefix="undercut-bench-") as folder:
        installation = Installation(Config(data_folder=Path(folder)))
        try:
            listings, seconds = asyncio.run(_through_the_line(installation, pages))
        finally:
            installation.close()
    return Measurement(listings / seconds, {"pages": len(pages) - WARM_PAGES, "seconds": round(seconds, 2)})


async def _through_the_line(installation: Installation, pages: list[Page]) -> tuple[int, float]:
    with ReadingPool(preload=(FAMILY,)) as pool:
        instruments = installation.instruments(pool.read)
        for page in pages[:WARM_PAGES]:
            await process_page(page, FAMILY, instruments)
        places = asyncio.Semaphore(IN_FLIGHT)

        async def one(page: Page) -> int:
            async with places:
                outcome = await process_page(page, FAMILY, instruments)
                return outcome.recorded.listings

        started = time.perf_counter()
        counts = await asyncio.gather(*(one(page) for page in pages[WARM_PAGES:]))
        return sum(counts), time.perf_counter() - started


def channel_page(number: int, seed: int, pages: int) -> Page:
    """One page of twenty posts out of a channel of so many, made anew for each seed."""
    name = "load_0001"
    before = (pages + 10) * PAGE_POSTS - number * PAGE_POSTS
    body = load_channel_page(seed, name, pages + 10, before=before).encode()
    url = f"http://load.example.test/s/{name}?before={before}"
    snapshot = Snapshot(
        source="benchmarks/load",
        url_asked=url,
        url_answered=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        fetched_at=FETCHED,
        transport="benchmark",
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
    )
    return Page(snapshot, body)


FIGURE = Figure(
    name="line_throughput",
    title="listings through the whole line, page received to recorded",
    goal=1_000,
    unit="listings/s",
    measure=measure,
)
