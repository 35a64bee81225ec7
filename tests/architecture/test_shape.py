"""Files stay small enough to be read in one sitting, and no machine leaves its traces."""

import re
import subprocess

import pytest

from tests.conftest import REPOSITORY

MOST_LINES = 400
# Longer on purpose; each with the reason.
LONGER: dict[str, str] = {}


def tracked_files() -> list[str]:
    answer = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in answer.stdout.splitlines() if (REPOSITORY / name).is_file()]


def test_code_files_are_short() -> None:
    too_long = {
        name: lines
        for name in tracked_files()
        if name.endswith(".py") and name not in LONGER
        if (lines := (REPOSITORY / name).read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert not too_long, f"split these along their seams, or name them in LONGER with the reason: {too_long}"


@pytest.mark.parametrize("trace", [r"/(?:home|root|work)/[a-z]", r"files\.pythonhosted\.org", r"registry\.npmjs\.org"])
def test_no_path_or_registry_of_a_machine_is_committed(trace: str) -> None:
    own_name = "tests/architecture/test_shape.py"
    found = [
        name
        for name in tracked_files()
        if name != own_name and not name.endswith((".png", ".pdf", ".gz", ".woff2"))
        if re.search(trace, (REPOSITORY / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found
