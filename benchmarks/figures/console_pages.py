"""Every page of the console and every way to search, over a large store, asked for as a browser does."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.bulk_store import BulkStore, fill
from benchmarks.console_visit import Visitor, console_over
from benchmarks.figure import Figure, Measurement
from jobs.config import Config
from jobs.installation import Installation

QUICK_LISTINGS, QUICK_TIMES = 10_000, 8
FULL_LISTINGS, FULL_TIMES = 1_000_000, 40
GOAL = 100
DATABASE_VARIABLE = "UNDERCUT_BENCH_DATABASE"
"""An SQLAlchemy URL of an empty database to measure on; SQLite in a temporary folder without it."""
FILLED_VARIABLE = "UNDERCUT_BENCH_FILLED"
"""Says that that database was filled by an earlier run, with how many listings."""
TEXT = "Claude Max 20x ready account, $40 a month, warranty 30 days, contact @seller_example"

QUERIES: Mapping[str, str] = {
    "queue": "/",
    "queue, page 20": "/?page=20",
    "queue, any status": "/?status=any",
    "queue, closed": "/?status=closed",
    "queue, critical": "/?severity=critical",
    "queue, low": "/?severity=low",
    "queue, lane": "/?lane=fraud_supply",
    "queue, two lanes": "/?lane=grey&lane=credential_abuse",
    "queue, platform": "/?platform=github",
    "queue, language": "/?language=ja",
    "queue, unknown language": "/?language=xx",
    "queue, product": "/?product=claude-max-20x",
    "queue, unknown product": "/?product=nothing",
    "queue, source": "/?source=bench%2Fsource-07",
    "queue, seller": "/?seller=seller_4711&status=any",
    "queue, unknown seller": "/?seller=nobody",
    "queue, share below": "/?below=5",
    "queue, share below nothing": "/?below=0.0001",
    "queue, new": "/?new=1",
    "queue, mine": "/?mine=1",
    "queue, second review": "/?needs=second",
    "queue, five filters": "/?severity=high&platform=market&language=zh&lane=pooled_relay&below=50",
    "queue, newest": "/?sort=newest",
    "queue, oldest": "/?sort=oldest",
    "queue, lowest share": "/?sort=share",
    "queue, highest value": "/?sort=value",
    "queue, text": "/?q=claude",
    "queue, rare text": "/?q=item-999990",
    "queue, unknown text": "/?q=zzzzqqqq",
    "search, word": "/search?q=claude",
    "search, two words": "/search?q=claude+max",
    "search, Chinese": "/search?q=%E6%88%90%E5%93%81%E5%8F%B7",
    "search, address": "/search?q=https%3A%2F%2Fshop.example.test%2Fitem%2Fitem-4710",
    "search, nothing": "/search?q=zzzzqqqq",
    "palette, word": "/palette?q=claude",
    "palette, begun word": "/palette?q=clau",
    "palette, one letter": "/palette?q=c",
    "cases": "/cases",
    "sources": "/sources",
    "rates": "/rates",
    "rates of a product": "/rates?product=claude-max-20x",
    "assess": "/assess",
    "people": "/people",
    "help": "/help",
}


@dataclass(frozen=True, slots=True)
class _PageTimes:
    """A page's 95th percentiles in milliseconds: until it was there, and of the processor's time within that."""

    wall: float
    processor: float


def measure(quick: bool, seed: int) -> Measurement:
    """The 95th percentile of the slowest page, in milliseconds."""
    listings, times = (QUICK_LISTINGS, QUICK_TIMES) if quick else (FULL_LISTINGS, FULL_TIMES)
    with TemporaryDirectory(prefix="undercut-bench-") as folder:
        installation = Installation(
            Config(data_folder=Path(folder), database_url=os.environ.get(DATABASE_VARIABLE) or None)
        )
        try:
            store = _filled(installation, listings, seed)
            with console_over(installation, name=f"Ana {os.getpid()}") as visitor:
                told, first_page = _visit(visitor, store, times)
        finally:
            installation.close()
    slowest = max(told, key=lambda name: told[name].wall)
    late = [f"{name} {one.wall:.0f} ({one.processor:.0f})" for name, one in told.items() if one.wall > GOAL]
    return Measurement(
        told[slowest].wall,
        {
            "slowest page": slowest,
            "pages": len(told),
            "median of the pages' 95th percentiles": round(median(one.wall for one in told.values()), 1),
            "most processor time, 95th percentile": round(max(one.processor for one in told.values()), 1),
            f"over {GOAL} ms (processor)": ", ".join(late) or "none",
            "load of the machine": round(os.getloadavg()[0], 1),
            "listings": store.listings,
            "alerts": store.alerts,
            "first page, bytes": first_page,
        },
    )


def _filled(installation: Installation, listings: int, seed: int) -> BulkStore:
    filled = os.environ.get(FILLED_VARIABLE)
    if filled:
        some = installation.store.alerts.list(limit=40).alerts
        return BulkStore(int(filled), int(filled) // 10, tuple(alert.alert_id for alert in some))
    return fill(
        installation.store.database,
        installation.detector,
        installation.rates,
        installation.policy,
        listings_wanted=listings,
        seed=seed,
    )


def _visit(visitor: Visitor, store: BulkStore, times: int) -> tuple[dict[str, _PageTimes], int]:
    """The 95th percentile of each page in milliseconds, and how many bytes the first page has."""
    connection = visitor.connect()
    first = visitor.ask(connection, "/").content
    pages: dict[str, list[tuple[str, dict[str, str] | None]]] = {
        **{name: [(path, None)] * times for name, path in QUERIES.items()},
        "alert": [(f"/alerts/{store.alert_ids[n % len(store.alert_ids)]}", None) for n in range(times)],
        "alert in a filter": [
            (f"/alerts/{store.alert_ids[n % len(store.alert_ids)]}?in=severity%3Dhigh", None) for n in range(times)
        ],
        "assess a text": [("/assess", {"text": f"{TEXT} {n}"}) for n in range(times)],
    }
    told = {}
    for name, visits in pages.items():
        visited = []
        for path, form in [visits[0], *visits]:
            one = visitor.ask(connection, path, form)
            if one.status != 200:
                raise RuntimeError(f"{name} ({path}) answered {one.status}: {one.content[:300]!r}")
            visited.append(one)
        told[name] = _PageTimes(
            _at_95([one.seconds for one in visited[1:]]), _at_95([one.processor_seconds for one in visited[1:]])
        )
    connection.close()
    return told, len(first)


def _at_95(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] * 1000


FIGURE = Figure(
    name="console_pages",
    title="the slowest page or search of the console, 95th percentile, 1 million listings and 100,000 alerts",
    goal=GOAL,
    unit="ms",
    measure=measure,
    at_least=False,
)
