"""One child process of the reading pool, as its parent holds it: started, asked, killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson
from pydantic import TypeAdapter, ValidationError

from crawlers.reading_pool_child import ChildOrders
from crawlers.reading_pool_wire import ANSWER, READY, pack_question
from domain.errors import UndercutError
from domain.reading import Reading
from domain.snapshot import Page

MIB = 1024 * 1024


class ReaderStartError(UndercutError):
    """A child could not be started, which no page is to blame for."""


class ReaderLostError(UndercutError):
    """A child is of no more use; the message says what the page did to it."""


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one page may take of its reader.

    `cpu_seconds` is processor time, `wall_seconds` a deadline beyond it for a machine under load, `memory_bytes` what
    may be taken on top of the idle child (an honest page of 9 MB takes 85 MB). `answer_bytes` bounds what is read
    back, `grown_bytes` what a child may keep, `pages` how many it reads before a fresh one takes its place.
    """

    cpu_seconds: float = 1.8
    wall_seconds: float = 6.0
    memory_bytes: int = 96 * MIB
    body_bytes: int = 10 * MIB
    answer_bytes: int = 16 * MIB
    grown_bytes: int = 64 * MIB
    pages: int = 1_000
    start_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A child's reading of a page; `retire` says that it has ended after it."""

    reading: Reading
    retire: bool


_ANSWER = TypeAdapter(Answer)


class ReaderProcess:
    """A child that is starting or serving. Its calls block; a pool makes them from a thread of its own."""

    def __init__(self, limits: ReadingLimits, preload: Sequence[str], package: str) -> None:
        self._limits = limits
        self._is_ready = False
        self._is_asked = False
        self._is_killed = False
        self._socket, theirs = socket.socketpair()
        orders = ChildOrders(
            parent=os.getpid(),
            package=package,
            preload=tuple(preload),
            cpu_seconds=limits.cpu_seconds,
            memory_bytes=limits.memory_bytes,
            grown_bytes=limits.grown_bytes,
            most_pages=limits.pages,
        )
        module = "crawlers.reading_pool_child"
        number = theirs.fileno()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
                [sys.executable, "-P", "-m", module, str(number), orjson.dumps(orders).decode()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                pass_fds=(number,),
            )
        except OSError as error:
            self._socket.close()
            raise ReaderStartError(f"cannot start a reader process: {error.strerror}") from error
        finally:
            theirs.close()

    def ask(self, family: str, page: Page) -> Answer:
        """The answer; raises ReaderLostError for a page that broke the child, ReaderStartError if it never served."""
        self._is_asked = True
        try:
            return self._ask(family, page)
        finally:
            self._is_asked = False
            if self._is_killed:
                self._socket.close()

    def _ask(self, family: str, page: Page) -> Answer:
        if not self._is_ready:
            self._wait_until_ready()
        deadline = time.monotonic() + self._limits.wall_seconds
        try:
            self._socket.settimeout(self._limits.wall_seconds)
            self._socket.sendall(pack_question(family, page))
            self._socket.sendall(page.body)
            (length,) = ANSWER.unpack(self._receive(ANSWER.size, deadline))
            if length > self._limits.answer_bytes:
                raise ReaderLostError(f"the reading is larger than {self._limits.answer_bytes} bytes")
            return _ANSWER.validate_json(self._receive(length, deadline))
        except TimeoutError as error:
            raise ReaderLostError(f"reading took longer than {self._limits.wall_seconds:g} s") from error
        except ConnectionError as error:
            raise ReaderLostError(self._how_it_ended()) from error
        except ValidationError as error:
            raise ReaderLostError(f"the reader gave {error.error_count()} fields of a wrong kind") from error

    def kill(self) -> None:
        """Kill the process, without waiting for it to be gone; a thread that waits for its answer is let go."""
        self._is_killed = True
        self._process.kill()
        if not self._is_asked:
            self._socket.close()
            return
        # Closed by the thread that waits on it: a number that is closed under a waiting thread may be another's next.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def is_gone(self) -> bool:
        """Has the process ended (and been collected)?"""
        return self._process.poll() is not None

    def end(self) -> None:
        """Kill the process and wait until it is gone."""
        self.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def _wait_until_ready(self) -> None:
        self._socket.settimeout(self._limits.start_seconds)
        try:
            said = self._socket.recv(len(READY))
        except (TimeoutError, ConnectionError):
            said = b""
        if said != READY:
            raise ReaderStartError(f"a reader process does not serve ({self._how_it_ended()})")
        self._is_ready = True

    def _receive(self, length: int, deadline: float) -> bytes:
        data = bytearray(length)
        view, filled = memoryview(data), 0
        while filled < length:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            received = self._socket.recv_into(view[filled:])
            if not received:
                raise ConnectionResetError
            filled += received
        return bytes(data)

    def _how_it_ended(self) -> str:
        """Why the child closed its end, told from how the process died."""
        try:
            status = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            return "the reader fell silent"
        if status == -signal.SIGPROF:
            return f"reading stopped at its limit of {self._limits.cpu_seconds:g} s of processor time"
        if status < 0:
            return f"the reader died of {signal.Signals(-status).name}"
        return f"the reader ended with status {status}"


def _environment() -> dict[str, str]:
    """What a reader needs to import us, and none of the secrets that an environment may hold."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PYTHONHOME") if name in os.environ}
    return kept | {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "LC_ALL": "C.UTF-8",
    }
