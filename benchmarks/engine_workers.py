"""Starts and ends worker processes for the engine's figures, and fills their queue."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.engine_worker import crawl_job, open_ledger
from jobs.dbos_engine import DbosEngine
from storage.store import open_store

PATIENCE_SECONDS = 300.0


@contextmanager
def engine_folder(jobs: int, sites: int) -> Iterator[Path]:
    """A folder with a store and an engine whose queue holds so many jobs."""
    with TemporaryDirectory(prefix="undercut-bench-") as name:
        folder = Path(name)
        open_store(f"sqlite:///{folder / 'undercut.sqlite'}", folder).close()
        open_ledger(folder).close()
        engine = DbosEngine(engine_url(folder), "bench-filler", {"crawl": lambda job: {}}, crawls_at_once=1)
        engine.launch(takes_jobs=False)
        for number in range(jobs):
            engine.enqueue(crawl_job(number, sites))
        engine.close()
        yield folder


def engine_url(folder: Path) -> str:
    """The engine's own database."""
    return f"sqlite:///{folder / 'engine.sqlite'}"


def start_worker(folder: Path, at_once: int, wait_seconds: float) -> subprocess.Popen[bytes]:
    """A worker, with its words in a file of the folder."""
    with (folder / "workers.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks.engine_worker", str(folder), engine_url(folder), str(at_once),
             str(wait_seconds)],
            stderr=log,
        )  # fmt: skip


def effects(folder: Path) -> int:
    """How many jobs came to their end."""
    ledger = open_ledger(folder)
    try:
        return int(ledger.execute("SELECT count(*) FROM effects").fetchone()[0])
    finally:
        ledger.close()


def wait_for_effects(folder: Path, many: int) -> None:
    """Block until so many jobs came to their end; TimeoutError when they do not."""
    until = time.monotonic() + PATIENCE_SECONDS
    while effects(folder) < many:
        if time.monotonic() > until:
            raise TimeoutError(
                f"{effects(folder)} of {many} jobs ended: {(folder / 'workers.log').read_text()[-2000:]}"
            )
        time.sleep(0.05)
