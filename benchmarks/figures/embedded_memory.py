"""What the embedded default takes at rest: one worker that schedules, with nothing to crawl."""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.figure import Figure, Measurement

QUICK_REST_SECONDS, FULL_REST_SECONDS = 8.0, 60.0
PATIENCE_SECONDS = 60.0
KILOBYTES_A_MEGABYTE = 1024.0


def measure(quick: bool, seed: int) -> Measurement:
    """The proportional set of the process tree in MB, after it came to rest."""
    with TemporaryDirectory(prefix="undercut-bench-") as folder:
        config = Path(folder) / "undercut.toml"
        config.write_text('data_folder = "data"\n', encoding="utf-8")
        with (Path(folder) / "worker.log").open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-c", "from jobs.cli import main; main()", "--config", str(config), "worker"],
                stderr=log,
            )
        try:
            _wait_until_it_schedules(Path(folder) / "worker.log")
            time.sleep(QUICK_REST_SECONDS if quick else FULL_REST_SECONDS)
            tree = [worker.pid, *(child.pid for child in psutil.Process(worker.pid).children(recursive=True))]
            megabytes = sum(_proportional_kilobytes(process) for process in tree) / KILOBYTES_A_MEGABYTE
        finally:
            worker.terminate()
            worker.wait()
    return Measurement(megabytes, {"processes": len(tree), "exit_status": worker.returncode})


def _wait_until_it_schedules(log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while "this worker schedules now" not in log.read_text(encoding="utf-8"):
        if time.monotonic() > until:
            raise TimeoutError(f"the worker did not come up: {log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.2)


def _proportional_kilobytes(process: int) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise LookupError(f"/proc tells no proportional set of process {process}")


FIGURE = Figure(
    name="embedded_memory",
    title="one worker that does everything, at rest: the process tree's proportional set",
    goal=300.0,
    unit="MB",
    measure=measure,
    at_least=False,
)
