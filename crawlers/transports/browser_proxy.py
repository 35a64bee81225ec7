"""The forward proxy on loopback that is a browser's only way out: it connects where the guard allows, and nowhere else.

The browser resolves no names and connects to nothing but this proxy, loopback included. A place is open only while the
page that is being visited may load from it (`open_to`), so that what slips past the page's own rules ends here.
"""

import asyncio
import ipaddress
from types import TracebackType
from typing import Self

from scrapy.exceptions import CannotResolveHostError

from crawlers.network_guard import Guard, IPAddress, RefusedTargetError, Target, parse_target
from crawlers.network_guard_endpoint import CONNECT_SECONDS, addresses_of
from crawlers.spiders.failures import NoPageError
from crawlers.spiders.setup import Resolve
from crawlers.step import FailureKind

MOST_HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 15.0
IDLE_SECONDS = 30.0
MOST_CONNECTIONS = 64
_PIECE = 64 * 1024
_NOT_PASSED_ON = (b"proxy-", b"connection:", b"keep-alive:", b"upgrade:")


class GuardedProxy:
    """Serves CONNECT and plain requests of one browser. An async context manager.

    `most_bytes` is what all answers of one visit may weigh. `refused` counts what was turned away, `reasons` says why a
    place could not be reached, and `connected` which address it was reached at.
    """

    def __init__(self, guard: Guard, resolve: Resolve, *, most_bytes: int) -> None:
        self._guard = guard
        self._resolve = resolve
        self._most_bytes = most_bytes
        self._left = most_bytes
        self._open: set[str] = set()
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.refused = 0
        self.reasons: dict[str, NoPageError] = {}
        self.connected: dict[str, IPAddress] = {}

    @property
    def address(self) -> str:
        """`http://127.0.0.1:<port>`, for `--proxy-server`."""
        if self._server is None:
            raise RuntimeError("the proxy is not started")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def begin_visit(self) -> None:
        """Close every place, and forget what was noted of the visit before."""
        self._open.clear()
        self._left = self._most_bytes
        self.refused = 0
        self.reasons.clear()
        self.connected.clear()

    def open_to(self, target: Target) -> None:
        """Let the browser connect to this host and port until the next visit begins."""
        self._open.add(target.place)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=MOST_HEAD_BYTES)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._serving) >= MOST_CONNECTIONS:
            writer.close()
            return
        self._serving.add(task)
        self._writers.add(writer)
        try:
            await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser or the place hung up, or fell silent; either sees that by itself
        finally:
            self._serving.discard(task)
            self._writers.discard(writer)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(HEAD_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
        method, _blank, rest = head.partition(b" ")
        stated = rest.partition(b" ")[0].decode("latin-1")
        tunnel = method == b"CONNECT"
        try:
            target = parse_target(f"https://{stated}/" if tunnel else stated)
            upstream = await self._connect(target)
        except (RefusedTargetError, NoPageError) as error:
            self.refused += 1
            await self._refuse(writer, error)
            return
        there, back = upstream
        self._writers.add(back)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                back.write(_origin_form(method, target, head))
                writer.write(await _answer_head(there))
            await self._pump_both(reader, writer, there, back)
        finally:
            self._writers.discard(back)
            back.close()

    async def _connect(self, target: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if target.place not in self._open:
            raise RefusedTargetError(f"{target.place} is no place that the visited page may load from")
        try:
            return await self._connect_allowed(target)
        except RefusedTargetError as error:
            self.reasons[target.place] = NoPageError(FailureKind.GUARD, str(error))
            raise
        except CannotResolveHostError as error:
            failed = NoPageError(FailureKind.NAME_UNKNOWN, "the host's name leads to no address")
            self.reasons[target.place] = failed
            raise failed from error
        except (OSError, TimeoutError) as error:
            failed = NoPageError(FailureKind.CONNECTION, f"no connection was made ({type(error).__name__})")
            self.reasons[target.place] = failed
            raise failed from error

    async def _connect_allowed(self, target: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The first address that the guard allows and that answers; decided on as the plain transport decides."""
        failure: Exception = CannotResolveHostError(target.host)
        for address in await addresses_of(target.host, self._resolve):
            try:
                self._guard.check_address(target, address)
                async with asyncio.timeout(CONNECT_SECONDS):
                    reader, writer = await asyncio.open_connection(str(address), target.port)
            except (RefusedTargetError, OSError, TimeoutError) as error:
                failure = error
                continue
            peer = ipaddress.ip_address(writer.get_extra_info("peername")[0])
            try:
                self._guard.check_address(target, peer)
            except RefusedTargetError:
                writer.close()
                raise
            self.connected[target.place] = peer
            return reader, writer
        raise failure

    async def _refuse(self, writer: asyncio.StreamWriter, error: Exception) -> None:
        body = b"refused\n"
        head = f"HTTP/1.1 502 {type(error).__name__}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode("ascii") + body)
        await writer.drain()

    async def _pump_both(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        back: asyncio.StreamWriter,
    ) -> None:
        """Until either side has nothing more to say."""
        ways = {
            asyncio.ensure_future(self._pump(reader, back, counted=False)),
            asyncio.ensure_future(self._pump(there, writer, counted=True)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        while True:
            async with asyncio.timeout(IDLE_SECONDS):
                piece = await reader.read(_PIECE)
            if not piece:
                return
            if counted:
                self._left -= len(piece)
                if self._left < 0:
                    return
            writer.write(piece)
            await writer.drain()


def _origin_form(method: bytes, target: Target, head: bytes) -> bytes:
    """A request as the place itself wants it: without the host in its first line, and for one answer only."""
    path = target.href.partition("://")[2].partition("/")[2]
    lines = head.rstrip(b"\r\n").split(b"\r\n")[1:]
    kept = [line for line in lines if not line.lower().startswith(_NOT_PASSED_ON)]
    first = method + b" /" + path.encode("ascii", "replace") + b" HTTP/1.1"
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])


async def _answer_head(reader: asyncio.StreamReader) -> bytes:
    """The head of an answer, saying that the connection ends with it: the next request may be for another place."""
    async with asyncio.timeout(IDLE_SECONDS):
        head = await reader.readuntil(b"\r\n\r\n")
        while head.split(b" ", 2)[1:2] and head.split(b" ", 2)[1].startswith(b"1"):
            head = await reader.readuntil(b"\r\n\r\n")  # what is said before the answer (100, 103)
    first, *lines = head.rstrip(b"\r\n").split(b"\r\n")
    kept = [line for line in lines if not line.lower().startswith(_NOT_PASSED_ON)]
    return b"\r\n".join([first, *kept, b"Connection: close", b"", b""])
