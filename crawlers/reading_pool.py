"""Reads pages in reused child processes with limits, so that a page built to break its reader costs that page only.

A child that overruns is killed and replaced at once; one that a page made large retires after its answer. Children die
with the thread that started them, so a pool belongs to one thread, which for an event loop is the loop's.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from crawlers.reading_pool_process import Answer, ReaderLostError, ReaderProcess, ReaderStartError, ReadingLimits
from domain.reading import Reading, ReadingState
from domain.snapshot import Page

__all__ = ["ReaderStartError", "ReadingLimits", "ReadingPool"]

_USUAL_LIMITS = ReadingLimits()


class ReadingPool:
    """Children that read pages with the families of `package`, at most `size` of them at a time.

    `preload` names families that each child has loaded before its first page. A context manager; `close` ends the
    children.
    """

    def __init__(
        self,
        *,
        size: int = 1,
        limits: ReadingLimits = _USUAL_LIMITS,
        preload: Sequence[str] = (),
        package: str = "crawlers.families",
    ) -> None:
        self._limits = limits
        self._preload = tuple(preload)
        self._package = package
        self._size = size
        self._free: asyncio.Semaphore | None = None
        self._idle: deque[ReaderProcess] = deque()
        self._dying: list[ReaderProcess] = []
        self._closed = False

    async def read(self, family: str, page: Page) -> Reading:
        """The family's reading of the page; `not_understood`, with the reason, where the page broke a limit.

        Never raises for what a page does; raises ReaderStartError where no child can be started at all.
        """
        refusal = self._refusal(page)
        if refusal is not None:
            return refusal
        if self._free is None:
            self._free = asyncio.Semaphore(self._size)
        async with self._free:
            child = self._take()
            try:
                answer = await asyncio.to_thread(child.ask, family, page)
            except ReaderLostError as lost:
                return self._replaced(child, lost)
            except BaseException:
                self._drop(child)
                raise
            return self._given_back(child, answer)

    def read_now(self, family: str, page: Page) -> Reading:
        """The same, for callers without an event loop; one page at a time."""
        refusal = self._refusal(page)
        if refusal is not None:
            return refusal
        child = self._take()
        try:
            answer = child.ask(family, page)
        except ReaderLostError as lost:
            return self._replaced(child, lost)
        except BaseException:
            self._drop(child)
            raise
        return self._given_back(child, answer)

    def close(self) -> None:
        """End every child; the pool is of no use after it."""
        self._closed = True
        for child in (*self._idle, *self._dying):
            child.end()
        self._idle.clear()
        self._dying.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The children that wait for a page."""
        return tuple(child.pid for child in self._idle)

    def _refusal(self, page: Page) -> Reading | None:
        if len(page.body) <= self._limits.body_bytes:
            return None
        reason = f"the body is larger than {self._limits.body_bytes} bytes and is not read"
        return Reading(ReadingState.NOT_UNDERSTOOD, reason)

    def _take(self) -> ReaderProcess:
        self._dying = [child for child in self._dying if not child.is_gone()]
        return self._idle.popleft() if self._idle else self._started()

    def _given_back(self, child: ReaderProcess, answer: Answer) -> Reading:
        if answer.retire:
            self._drop(child)
            self._idle.append(self._started())
        else:
            self._idle.appendleft(child)
        return answer.reading

    def _replaced(self, child: ReaderProcess, lost: ReaderLostError) -> Reading:
        self._drop(child)
        self._idle.append(self._started())
        return Reading(ReadingState.NOT_UNDERSTOOD, str(lost))

    def _drop(self, child: ReaderProcess) -> None:
        child.kill()
        self._dying.append(child)

    def _started(self) -> ReaderProcess:
        if self._closed:
            raise ReaderStartError("the reading pool is closed")
        return ReaderProcess(self._limits, self._preload, self._package)
