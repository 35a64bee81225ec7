"""A child process ends with its deadline and leaves nothing behind."""

import sys
from pathlib import Path

import psutil
import pytest

from jobs.supervise import ChildError, run_supervised

pytestmark = pytest.mark.slow

PYTHON = sys.executable


def run(tmp_path: Path, code: str, deadline_seconds: float = 20.0) -> tuple[list[bytes], int, bool]:
    lines: list[bytes] = []
    end = run_supervised(
        [PYTHON, "-c", code],
        deadline_seconds=deadline_seconds,
        on_line=lines.append,
        log=tmp_path / "logs" / "child.log",
    )
    return lines, end.status, end.overran


def test_lines_are_handed_on_and_errors_are_logged(tmp_path: Path) -> None:
    code = "import sys; print('one'); print('two', flush=True); sys.stderr.write('oh\\n'); sys.exit(3)"
    assert run(tmp_path, code) == ([b"one", b"two"], 3, False)
    assert (tmp_path / "logs" / "child.log").read_text() == "oh\n"


def test_a_deadline_ends_the_child_and_its_children(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, time\n"
        "grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(grandchild.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    lines, status, overran = run(tmp_path, code, deadline_seconds=1.5)
    assert overran
    assert status < 0
    (pid,) = (int(line) for line in lines)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_what_cannot_be_started_is_named(tmp_path: Path) -> None:
    with pytest.raises(ChildError, match="cannot start /no/such/program"):
        run_supervised(["/no/such/program"], deadline_seconds=1, on_line=print, log=tmp_path / "log")
