"""Looks, with the standard library alone, for what must be on the machine before anything can be installed.

Run by `make setup` with the system's Python, so it imports nothing of ours and nothing that is not in the box.
"""

import importlib.util
import os
import shutil
import subprocess
import sys

LEAST_PYTHON = (3, 11)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, None where there is none."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def missing_pieces() -> list[str]:
    """What setup cannot do without, each with the command that installs it."""
    missing = []
    if sys.version_info < LEAST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        missing.append(f"Python 3.11 or newer (found {found}): sudo apt-get install python3.11 python3.11-venv")
    if importlib.util.find_spec("ensurepip") is None:
        missing.append("Python's venv module: sudo apt-get install python3-venv")
    return missing


def provide_chromium() -> str | None:
    """Install Chromium where that needs no password; a sentence with the command to type where it could not be had."""
    if find_chromium():
        return None
    if os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        _say("Chromium is not on this machine; installing it with apt-get")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run([apt, *arguments], env=environment, stdout=subprocess.DEVNULL, check=False)  # noqa: S603
        if find_chromium():
            return None
    return "Chromium is missing; pages that need a browser are left out until: sudo apt-get install chromium"


def main() -> int:
    """0 when setup may go on, 1 when something it cannot do without is missing."""
    missing = missing_pieces()
    for piece in missing:
        _say(f"missing: {piece}")
    if missing:
        return 1
    without_browser = provide_chromium()
    if without_browser:
        _say(without_browser)
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"undercut setup: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
