"""Runs a child process that cannot outlive its worker or its deadline, and hands on what it says line by line."""

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.errors import UndercutError

_PR_SET_PDEATHSIG = 1
LONGEST_LINE_BYTES = 1_000_000
_TICK_SECONDS = 0.25


class ChildError(UndercutError):
    """A child process could not be started, or said something that is not a line of its protocol."""


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How a child ended: its exit status (negative for a signal), whether its deadline ended it, how long it ran."""

    status: int
    overran: bool
    seconds: float


def run_supervised(
    command: Sequence[str],
    *,
    deadline_seconds: float,
    on_line: Callable[[bytes], None],
    log: Path,
    environment: Mapping[str, str] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ChildEnd:
    """Run `command` in a process group of its own until it ends, its deadline passes, or `cancelled` says so.

    Each line of its standard output goes to `on_line`; its standard error is appended to `log`. The whole group is
    killed at the end, so that no grandchild (a browser, a parser) is left behind. Raises ChildError when it cannot be
    started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("ab") as errors:
        try:
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=None if environment is None else dict(environment),
                start_new_session=True,
                preexec_fn=_die_with_parent,  # one prctl call, safe between fork and exec
            )
        except OSError as error:
            raise ChildError(f"cannot start {command[0]}: {error.strerror}") from error
        overran = False
        try:
            overran = _follow(child, started + deadline_seconds, on_line, cancelled)
        finally:
            _end_group(child)
    return ChildEnd(child.returncode, overran, time.monotonic() - started)


def _follow(
    child: subprocess.Popen[bytes],
    deadline: float,
    on_line: Callable[[bytes], None],
    cancelled: Callable[[], bool],
) -> bool:
    """Hand on lines until the output closes; True when the deadline or a cancellation cut it short."""
    if child.stdout is None:
        raise ChildError("the child was started without a pipe; this is a defect")
    output = child.stdout.fileno()
    pending = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or cancelled():
                return True
            if not selector.select(min(remaining, _TICK_SECONDS)):
                continue
            chunk = os.read(output, 65_536)
            if not chunk:
                return False
            pending += chunk
            *lines, rest = pending.split(b"\n")
            pending = bytearray(rest)
            if len(pending) > LONGEST_LINE_BYTES:
                raise ChildError(f"a child said more than {LONGEST_LINE_BYTES} bytes without a line break")
            for line in lines:
                on_line(bytes(line))


def _end_group(child: subprocess.Popen[bytes]) -> None:
    if child.stdout is not None:
        child.stdout.close()
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=_TICK_SECONDS * 8)
    finally:
        # The child leads its group, so grandchildren are reached even when it has ended already.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
