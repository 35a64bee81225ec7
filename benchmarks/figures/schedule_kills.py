"""Workers killed at random under load: jobs lost, jobs run twice to effect, and sites that were asked side by side."""

import math
import random
import time
from pathlib import Path

from benchmarks.engine_worker import open_ledger
from benchmarks.engine_workers import effects, engine_folder, start_worker, wait_for_effects
from benchmarks.figure import Figure, Measurement

QUICK_KILLS, FULL_KILLS = 3, 500
JOBS_A_KILL = 6
SITES = 5
AT_ONCE = 3
WAIT_SECONDS = 0.3
LONGEST_LIFE_SECONDS = 2.0
MOST_SECONDS_TO_FIRST = 10.0


def measure(quick: bool, seed: int) -> Measurement:
    """What went wrong, in jobs; infinite where a restarted worker took longer than ten seconds to its first job."""
    kills, chance = QUICK_KILLS if quick else FULL_KILLS, random.Random(seed)
    jobs, slowest = kills * JOBS_A_KILL, 0.0
    with engine_folder(jobs, SITES) as folder:
        workers = [start_worker(folder, AT_ONCE, WAIT_SECONDS) for _ in range(2)]
        try:
            wait_for_effects(folder, 1)
            for _ in range(kills):
                time.sleep(chance.random() * LONGEST_LIFE_SECONDS)
                victim = chance.randrange(len(workers))
                workers[victim].kill()
                workers[victim].wait()
                started = time.monotonic()
                workers[victim] = start_worker(folder, AT_ONCE, WAIT_SECONDS)
                if effects(folder) < jobs:
                    slowest = max(slowest, _first_job_after(folder, started))
            wait_for_effects(folder, jobs)
        finally:
            for worker in workers:
                worker.terminate()
            for worker in workers:
                worker.wait()
        done, side_by_side = effects(folder), _side_by_side(folder)
    late = slowest > MOST_SECONDS_TO_FIRST
    return Measurement(
        math.inf if late else float(jobs - done + side_by_side),
        {
            "kills": kills,
            "jobs": jobs,
            "lost": jobs - done,
            "side_by_side_on_a_site": side_by_side,
            "slowest_first_job_seconds": round(slowest, 2),
        },
    )


def _first_job_after(folder: Path, moment: float) -> float:
    """Seconds from a restart to the next job that begins anywhere."""
    ledger = open_ledger(folder)
    try:
        while time.monotonic() - moment < 6 * MOST_SECONDS_TO_FIRST:
            found = ledger.execute("SELECT min(began) FROM began WHERE began > ?", (moment,)).fetchone()[0]
            if found is not None:
                return float(found) - moment
            if ledger.execute("SELECT count(*) FROM began WHERE ended IS NULL").fetchone()[0] == 0:
                return 0.0
            time.sleep(0.05)
        return math.inf
    finally:
        ledger.close()


def _side_by_side(folder: Path) -> int:
    """How often a job of a site began before another of it had ended; one that was killed ended with its worker."""
    ledger = open_ledger(folder)
    try:
        return int(
            ledger.execute(
                "SELECT count(*) FROM began a JOIN began b ON a.site = b.site AND a.rowid < b.rowid "
                "AND a.ended IS NOT NULL AND b.ended IS NOT NULL AND b.began < a.ended AND a.began < b.ended"
            ).fetchone()[0]
        )
    finally:
        ledger.close()


FIGURE = Figure(
    name="schedule_kills",
    title="500 kills of random workers under load: jobs lost, or run side by side on one site",
    goal=0.0,
    unit="jobs",
    measure=measure,
    at_least=False,
)
