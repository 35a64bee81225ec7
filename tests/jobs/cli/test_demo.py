"""The demo raises and delivers every alert that the street's hand-written expectations name, and no other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_demo_checks_out(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from jobs.cli import main; main()",
            "demo",
            "--check",
            "--data",
            str(tmp_path / "demo"),
        ],
        cwd=REPOSITORY,
        env={**os.environ, "UNDERCUT_CONFIG": ""},
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )
    assert done.returncode == 0, "\n".join(done.stderr.splitlines()[-60:])
    assert "the check passed" in done.stderr
