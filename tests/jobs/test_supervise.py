"""A child process ends with its deadline and leaves nothing behind."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from jobs.supervise import Tell, Work, run_supervised

pytestmark = pytest.mark.slow


def greet(tell: Tell, name: str) -> int:
    """Tells twice, logs once, and ends with a status."""
    tell(b"hello")
    tell(name.encode())
    print("a word for the log")
    return 3


def linger(tell: Tell) -> int:
    """Starts a grandchild and never ends by itself."""
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    tell(str(grandchild.pid).encode())
    time.sleep(600)
    return 0


def run(tmp_path: Path, work: Work, *arguments: str, deadline_seconds: float = 30.0) -> tuple[list[bytes], int, bool]:
    told: list[bytes] = []
    log = tmp_path / "logs" / "child.log"
    end = run_supervised(work, arguments, deadline_seconds=deadline_seconds, on_message=told.append, log=log)
    return told, end.status, end.cut_short


def test_what_a_child_tells_is_handed_on_and_what_it_prints_is_logged(tmp_path: Path) -> None:
    assert run(tmp_path, greet, "world") == ([b"hello", b"world"], 3, False)
    assert (tmp_path / "logs" / "child.log").read_text() == "a word for the log\n"


def test_a_deadline_ends_the_child_and_its_children(tmp_path: Path) -> None:
    told, status, cut_short = run(tmp_path, linger, deadline_seconds=3.0)
    assert cut_short
    assert status < 0
    (pid,) = (int(message) for message in told)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
