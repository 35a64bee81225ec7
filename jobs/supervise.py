"""Runs work in a child process that cannot outlive its worker or its deadline, and hands on what it says.

Children are forked from a server that has loaded everything already, so that starting one takes a moment instead of
seconds. The server ends with the worker, and its children with the server.
"""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from domain.errors import UndercutError

Tell = Callable[[bytes], None]
Work = Callable[..., int]
"""What a child does: takes a way to tell and its arguments, gives an exit status. An importable function."""

_PR_SET_PDEATHSIG = 1
_TICK_SECONDS = 0.25
_GOODBYE_SECONDS = 2.0
_CHILDREN = multiprocessing.get_context("forkserver")


class ChildError(UndercutError):
    """A child process could not be started."""


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How a child ended: its exit status (negative for a signal), whether it was cut short, how long it ran."""

    status: int
    cut_short: bool
    seconds: float


def load_beforehand(modules: Sequence[str]) -> None:
    """Name the modules that the server loads before its first child; of use only before any child was started."""
    _CHILDREN.set_forkserver_preload(list(modules))


def run_supervised(
    work: Work,
    arguments: Sequence[str],
    *,
    deadline_seconds: float,
    on_message: Callable[[bytes], None],
    log: Path,
    cancelled: Callable[[], bool] = lambda: False,
) -> ChildEnd:
    """Run `work` in a process group of its own until it ends, its deadline passes, or `cancelled` says so.

    What it tells goes to `on_message`; its standard output and error are appended to `log`. The whole group is killed
    at the end, so that no grandchild (a browser, a parser) is left behind. Raises ChildError when it cannot be started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    ours, theirs = _CHILDREN.Pipe(duplex=False)
    child = _CHILDREN.Process(target=_begin, args=(theirs, str(log), work, tuple(arguments)))
    try:
        child.start()
    except OSError as error:
        raise ChildError(f"cannot start a child process: {error.strerror or error}") from error
    finally:
        theirs.close()
    cut_short = False
    try:
        cut_short = _follow(ours, started + deadline_seconds, on_message, cancelled)
    finally:
        ours.close()
        _end_group(child)
    return ChildEnd(child.exitcode or 0, cut_short, time.monotonic() - started)


def _begin(tell: Connection, log: str, work: Work, arguments: tuple[str, ...]) -> None:
    """The child's first steps: a group of its own, death with its parent, and words into the log."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.close(descriptor)
    sys.exit(work(tell.send_bytes, *arguments))


def _follow(
    child: Connection, deadline: float, on_message: Callable[[bytes], None], cancelled: Callable[[], bool]
) -> bool:
    """Hand on messages until the child has no more; True when the deadline or a cancellation cut it short."""
    while True:
        remaining = deadline - time.monotonic()
        if remaining <= 0 or cancelled():
            return True
        if not child.poll(min(remaining, _TICK_SECONDS)):
            continue
        try:
            message = child.recv_bytes()
        except EOFError:
            return False
        on_message(message)


def _end_group(child: BaseProcess) -> None:
    child.join(_GOODBYE_SECONDS)
    if child.pid is not None:
        # The child leads its group, so grandchildren are reached even when it has ended already.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.join()
