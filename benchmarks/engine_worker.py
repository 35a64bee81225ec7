"""A process with the real engine, registry and reaper, whose jobs wait as crawls do and write down what they did.

Run as `python -m benchmarks.engine_worker FOLDER ENGINE_URL AT_ONCE WAIT_SECONDS`, ended by SIGTERM or by a kill.
"""

import os
import signal
import sqlite3
import sys
import threading
import time
from pathlib import Path
from uuid import uuid4

from jobs.dbos_engine import DbosEngine
from jobs.engine import Job, JsonObject
from jobs.reaper import Reaper
from storage.errors import SchedulerRunningError
from storage.scheduler_lock import this_process
from storage.store import open_store

LEDGER = "ledger.sqlite"
LOOK_SECONDS = 0.5


def open_ledger(folder: Path) -> sqlite3.Connection:
    """Where jobs write down: `began` each time one starts, `effects` once for each that came to its end."""
    ledger = sqlite3.connect(folder / LEDGER, timeout=30, isolation_level=None)
    ledger.execute("PRAGMA journal_mode = wal")
    ledger.execute("CREATE TABLE IF NOT EXISTS began (job TEXT, site TEXT, process INT, began REAL, ended REAL)")
    ledger.execute("CREATE TABLE IF NOT EXISTS effects (job TEXT PRIMARY KEY, times INT)")
    return ledger


def crawl_job(number: int, sites: int) -> Job:
    """The numbered job, of one of so many sites."""
    site = f"site-{number % sites}.example.test"
    return Job("crawl", f"crawl:made/source-{number}:1", site, {"number": number, "site": site})


def main(arguments: list[str]) -> int:
    """Work until the end."""
    folder, engine_url, at_once, wait_seconds = Path(arguments[0]), arguments[1], int(arguments[2]), float(arguments[3])
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stopping.set())
    store = open_store(f"sqlite:///{folder / 'undercut.sqlite'}", folder)
    holder = this_process()

    def crawl(job: JsonObject) -> JsonObject:
        ledger = open_ledger(folder)
        began = time.monotonic()
        row = ledger.execute(
            "INSERT INTO began VALUES (?, ?, ?, ?, NULL)", (job["number"], job["site"], os.getpid(), began)
        ).lastrowid
        time.sleep(wait_seconds)
        # As a crawl's pages: what is written twice is written once.
        ledger.execute("BEGIN IMMEDIATE")
        ledger.execute("INSERT INTO effects VALUES (?, 1) ON CONFLICT DO NOTHING", (str(job["number"]),))
        ledger.execute("UPDATE began SET ended = ? WHERE rowid = ?", (time.monotonic(), row))
        ledger.execute("COMMIT")
        ledger.close()
        return {"done": True}

    engine = DbosEngine(engine_url, f"bench-{os.getpid()}-{uuid4().hex[:8]}", {"crawl": crawl}, crawls_at_once=at_once)
    store.workers.join(engine.executor, holder)
    engine.launch()
    reaper, schedules = Reaper(store.workers, engine, holder.host), False
    while not stopping.wait(LOOK_SECONDS):
        store.workers.heartbeat(engine.executor)
        if not schedules:
            try:
                store.scheduler_lock.acquire(holder)
                schedules = True
            except SchedulerRunningError:
                continue
        store.scheduler_lock.heartbeat(holder)
        reaper.look()
    engine.close()
    store.workers.leave(engine.executor)
    store.scheduler_lock.release(holder)
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
