"""Two workers against one, on jobs that wait as crawls do."""

import time

from benchmarks.engine_workers import effects, engine_folder, start_worker, wait_for_effects
from benchmarks.figure import Figure, Measurement

QUICK_JOBS, FULL_JOBS = 16, 120
AT_ONCE = 2
QUICK_WAIT_SECONDS, FULL_WAIT_SECONDS = 1.5, 2.0


def measure(quick: bool, seed: int) -> Measurement:
    """Jobs a second of two workers over those of one; every job is of a site of its own."""
    jobs, wait = (QUICK_JOBS, QUICK_WAIT_SECONDS) if quick else (FULL_JOBS, FULL_WAIT_SECONDS)
    one, two = _jobs_a_second(1, jobs, wait), _jobs_a_second(2, jobs, wait)
    return Measurement(
        two / one, {"one_jobs_a_second": round(one, 3), "two_jobs_a_second": round(two, 3), "jobs": jobs}
    )


def _jobs_a_second(workers: int, jobs: int, wait_seconds: float) -> float:
    """From the first job that ended to the last, so that starting a process does not count."""
    with engine_folder(jobs, sites=jobs) as folder:
        running = [start_worker(folder, AT_ONCE, wait_seconds) for _ in range(workers)]
        try:
            # Until every worker has begun: what ends from then on is what all of them do.
            wait_for_effects(folder, workers * AT_ONCE)
            begun_with, began = effects(folder), time.monotonic()
            wait_for_effects(folder, jobs)
            return (jobs - begun_with) / (time.monotonic() - began)
        finally:
            for worker in running:
                worker.terminate()
            for worker in running:
                worker.wait()


FIGURE = Figure(
    name="schedule_workers",
    title="two workers against one, jobs that wait as crawls do",
    goal=1.8,
    unit="times",
    measure=measure,
)
