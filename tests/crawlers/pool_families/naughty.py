"""Does what the page says: spins, sleeps, eats memory, dies, raises."""

import ctypes
import os
import re
import tempfile
import time
from collections.abc import Callable

from crawlers.family import Family
from domain.reading import Reading, ReadingState
from domain.snapshot import Page


def spin() -> None:
    """Takes processor time in Python."""
    while True:
        pass


def keep() -> None:
    """Keeps seventy megabytes."""
    _KEPT.append(bytearray(os.urandom(1_000_000)) * 70)


def defect() -> None:
    """Raises with the page's text in its message."""
    raise ValueError("what the page said: \x1b[2J")


def recurse() -> None:
    """Goes deeper than Python does."""
    recurse()


def write() -> None:
    """Writes a file."""
    with tempfile.TemporaryFile() as file:
        file.write(b"x" * 10)
        file.flush()


DEEDS: dict[str, Callable[[], object]] = {
    "spin": spin,
    "spin_in_c": lambda: re.match(r"(a+)+$", "a" * 60 + "b"),
    "sleep": lambda: time.sleep(60),
    "eat": lambda: len(bytearray(2_000_000_000)),
    "keep": keep,
    "crash": lambda: ctypes.string_at(0),
    "exit": lambda: os._exit(3),
    "raise": defect,
    "recurse": recurse,
    "write": write,
    "secrets": lambda: ",".join(sorted(os.environ)),
    "pid": os.getpid,
    "much": lambda: "x" * 17_000_000,
}
_KEPT: list[bytearray] = []


def read(page: Page) -> Reading:
    """Does what the body names, and says what came of it."""
    return Reading(ReadingState.EMPTY, str(DEEDS[page.body.decode("ascii")]()))


FAMILY = Family("naughty", "none", "shop", read, lambda source: ())
