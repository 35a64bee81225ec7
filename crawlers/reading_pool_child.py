"""A child of the reading pool: reads pages with families under limits, and dies of the first page that breaks them.

Started as `python -m crawlers.reading_pool_child`; it inherits one socket and nothing else. The limit on processor time
is a timer whose signal ends the process even inside a C library; Python is never asked.
"""

import contextlib
import ctypes
import importlib
import os
import resource
import signal
import socket
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path

import orjson

from crawlers.family import Family
from crawlers.reading_pool_wire import QUESTION, READY, pack_answer, unpack_question
from domain.reading import Reading, ReadingState
from domain.snapshot import Page

_PR_SET_PDEATHSIG = 1
_MOST_OPEN_FILES = 64


@dataclass(frozen=True, slots=True)
class ChildOrders:
    """What the parent tells a child at its start; amounts in bytes and seconds."""

    parent: int
    package: str
    preload: tuple[str, ...]
    cpu_seconds: float
    memory_bytes: int
    grown_bytes: int
    most_pages: int


def main() -> None:
    """Serve the parent until it is gone, or until a page was one too many."""
    orders = orjson.loads(sys.argv[2])
    connection = socket.socket(fileno=int(sys.argv[1]))
    _bind_to_parent(orders["parent"])
    _Reader(connection, ChildOrders(**orders | {"preload": tuple(orders["preload"])})).serve()


class _Reader:
    def __init__(self, connection: socket.socket, orders: ChildOrders) -> None:
        self._connection = connection
        self._orders = orders
        self._families: dict[str, Family] = {}
        self._gauge = _MemoryGauge()
        self._first_resident = 0
        self._most_reserved = 0

    def serve(self) -> None:
        for name in self._orders.preload:
            self._load(name)
        _limit_always()
        self._first_resident = self._gauge.resident()
        self._connection.sendall(READY)
        for count in range(1, self._orders.most_pages + 1):
            head = self._receive(QUESTION.size)
            if len(head) < QUESTION.size:
                return
            described_length, body_length = QUESTION.unpack(head)
            name, page = unpack_question(self._receive(described_length), self._receive(body_length))
            reading, healthy = self._read(name, page)
            grown = self._gauge.resident() - self._first_resident > self._orders.grown_bytes
            retire = not healthy or grown or count == self._orders.most_pages
            self._connection.sendall(pack_answer(reading, retire=retire))
            if retire:
                return

    def _read(self, name: str, page: Page) -> tuple[Reading, bool]:
        """The reading of a page, and whether this process is fit for another."""
        try:
            family = self._families.get(name) or self._load(name)
        except Exception as error:  # noqa: BLE001 - a family that cannot be loaded costs its pages, and is named
            return _not_understood(f"the family {name} cannot be loaded: {_where(error)}"), True
        try:
            _limit_memory(self._most_reserved)
            signal.setitimer(signal.ITIMER_PROF, self._orders.cpu_seconds)
            return family.read(page), True
        except MemoryError:
            return _not_understood("reading stopped at its limit of memory"), False
        except RecursionError:
            return _not_understood("the page is nested too deeply"), True
        except Exception as error:  # noqa: BLE001 - a defect of one family costs one page, and is named
            return _not_understood(f"a defect in the family {name}: {_where(error)}"), True
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            _limit_memory(resource.RLIM_INFINITY)

    def _load(self, name: str) -> Family:
        family = importlib.import_module(f"{self._orders.package}.{name}").FAMILY
        if not isinstance(family, Family):
            raise TypeError(f"FAMILY of {name} is no family")
        self._families[name] = family
        # A page is granted its memory on top of what is there before it.
        self._most_reserved = self._gauge.reserved() + self._orders.memory_bytes
        return family

    def _receive(self, length: int) -> bytes:
        """As many bytes as asked for; fewer where the parent has closed."""
        data = bytearray(length)
        view, filled = memoryview(data), 0
        while filled < length:
            received = self._connection.recv_into(view[filled:])
            if not received:
                return bytes(data[:filled])
            filled += received
        return bytes(data)


def _not_understood(reason: str) -> Reading:
    return Reading(ReadingState.NOT_UNDERSTOOD, reason)


def _where(error: Exception) -> str:
    """The kind of an error and the line it came from; its text may hold the page's, and is left out."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _bind_to_parent(parent: int) -> None:
    """Die when the parent does, whatever this process is doing then, and leave its interruptions to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(0)
    with contextlib.suppress(OSError):  # a kernel that is out of memory takes the reader, not the crawl
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit_memory(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _limit_always() -> None:
    """No files written, no core dumps, few descriptors."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MOST_OPEN_FILES, _MOST_OPEN_FILES))


class _MemoryGauge:
    """Bytes of address space and of memory in use; the peak that `getrusage` tells may be the parent's."""

    def __init__(self) -> None:
        self._file = os.open("/proc/self/statm", os.O_RDONLY)

    def reserved(self) -> int:
        """Address space, as RLIMIT_AS counts it."""
        return self._pages(0)

    def resident(self) -> int:
        """Memory that is really there."""
        return self._pages(1)

    def _pages(self, column: int) -> int:
        return int(os.pread(self._file, 128, 0).split()[column]) * resource.getpagesize()


if __name__ == "__main__":
    main()
