"""An HTTP server on loopback that takes what it is sent, or fails in one of many ways, as it is told to."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum


class Trouble(StrEnum):
    """Ways to fail that are no status."""

    RESET = "reset"
    """The connection is cut when the request has been read."""
    SILENCE = "silence"
    """No answer ever."""
    DRIP = "drip"
    """An answer whose body never ends, a byte at a time."""
    GARBAGE = "garbage"
    """Bytes that are no HTTP."""


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names in small letters."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """One answer."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Handler = Callable[[Request], Answer]


class HttpReceiver:
    """Answers each request with the next of `script`, and with what `handler` says once that is used up."""

    def __init__(self, handler: Handler | None = None) -> None:
        self.requests: list[Request] = []
        self.taken: list[Request] = []
        self.taken_at: list[float] = []
        """When each was taken, by the clock of `time.perf_counter`."""
        self.script: deque[Answer | Trouble] = deque()
        self.port = 0
        self._handler: Handler = handler or (lambda request: Answer())
        self._closing = asyncio.Event()
        self._connections: dict[asyncio.StreamWriter, asyncio.Task[None]] = {}

    @property
    def address(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["HttpReceiver"]:
        """Serve until left."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._closing.set()
            server.close()
            for writer in self._connections:
                writer.transport.abort()
            if self._connections:
                await asyncio.wait(self._connections.values())
            await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._connections[writer] = task
        try:
            while (request := await _read(reader)) is not None:
                self.requests.append(request)
                answer = self.script.popleft() if self.script else self._handler(request)
                if isinstance(answer, Trouble):
                    await _TROUBLES[answer](writer, self._closing)
                    return
                if 200 <= answer.status < 300:
                    self.taken_at.append(time.perf_counter())
                    self.taken.append(request)
                await _write(writer, answer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self._connections.pop(writer, None)
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


async def _write(writer: asyncio.StreamWriter, answer: Answer) -> None:
    headers = {"Content-Length": str(len(answer.body)), **answer.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"HTTP/1.1 {answer.status} Answer\r\n{lines}\r\n".encode("latin-1") + answer.body)
    await writer.drain()


async def _reset(writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
    writer.transport.abort()


async def _silence(writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
    await closing.wait()


async def _drip(writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
    writer.write(b"HTTP/1.1 500 Answer\r\nContent-Length: 100000\r\n\r\n")
    while not closing.is_set():
        writer.write(b".")
        await writer.drain()
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), timeout=0.02)


async def _garbage(writer: asyncio.StreamWriter, closing: asyncio.Event) -> None:
    writer.write(b"\x00\xffno HTTP at all\r\n\r\n")
    await writer.drain()


_TROUBLES: dict[Trouble, Callable[[asyncio.StreamWriter, asyncio.Event], Awaitable[None]]] = {
    Trouble.RESET: _reset,
    Trouble.SILENCE: _silence,
    Trouble.DRIP: _drip,
    Trouble.GARBAGE: _garbage,
}
