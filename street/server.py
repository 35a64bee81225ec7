"""Serves every site on a loopback port of its own, from one event loop.

A hand-written protocol over asyncio rather than `http.server`: benchmarks measure the crawler against this server, so
it must cost a small part of what the crawler costs, and a thread per connection does not.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from street.directory import directory_site
from street.errors import StreetError
from street.messages import BadRequestError, Drip, Request, Response, plain, take_request
from street.request_log import RequestLog
from street.site import Site

ADDRESS = "127.0.0.1"
# Below this, head and body go out in one write; above it, joining them would copy a large body for nothing.
LARGE_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Announcement:
    """Where an open street stands: its process, and every site's address by the site's name."""

    process_id: int
    sites: Mapping[str, str]

    def as_json(self) -> dict[str, object]:
        """The one line that `--announce` prints."""
        return {"street": 1, "process_id": self.process_id, "sites": dict(self.sites)}


class Street:
    """An open market. `open` binds the ports, `close` frees them; both belong to one event loop."""

    def __init__(self, sites: Iterable[Site], *, latency_seconds: float = 0.0) -> None:
        self._latency_seconds = latency_seconds
        self._servers: list[asyncio.Server] = []
        self._connections: set[asyncio.Transport] = set()
        self._addresses: dict[str, str] = {}
        self.logs: dict[str, RequestLog] = {}
        shops = tuple(sites)
        self._sites = (directory_site(shops, self._addresses, self.logs), *shops)
        self.logs.update({site.name: RequestLog() for site in self._sites})

    async def open(self, first_port: int = 0, *, spread: bool = False) -> Announcement:
        """Bind every site; port 0 takes free ports, another number counts up from it.

        With `spread` each site gets an address of its own (127.0.0.2, 127.0.0.3, ...) as well as a port, for clients
        that keep their manners by host name; not every system has those addresses. Raises StreetError where a port or
        an address cannot be had.
        """
        loop = asyncio.get_running_loop()
        for number, site in enumerate(self._sites):
            host = f"127.0.0.{2 + number % 250}" if spread else ADDRESS
            port = first_port + number if first_port else 0
            maker = _Maker(site, self.logs[site.name], self._connections, self._latency_seconds)
            try:
                server = await loop.create_server(maker, host, port, backlog=512)
            except OSError as error:
                await self.close()
                raise StreetError(f"cannot open {site.name} on {host}:{port}: {error.strerror}") from error
            self._servers.append(server)
            self._addresses[site.name] = f"http://{host}:{server.sockets[0].getsockname()[1]}"
        return Announcement(os.getpid(), dict(self._addresses))

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        for server in self._servers:
            server.close()
        for connection in tuple(self._connections):
            connection.abort()
        self._servers.clear()
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the protocol of each new connection to one site."""

    site: Site
    log: RequestLog
    connections: set[asyncio.Transport]
    latency_seconds: float

    def __call__(self) -> "_Connection":
        return _Connection(self)


class _Connection(asyncio.Protocol):
    """One client's connection: requests are answered one after another, however many were sent at once."""

    def __init__(self, maker: _Maker) -> None:
        self._maker = maker
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._answering = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - asyncio's own promise, which its types leave out
        self._transport = transport
        self._maker.connections.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        if self._answering:
            self._maker.log.ended()
        if self._transport is not None:
            self._maker.connections.discard(self._transport)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._serve()

    def _serve(self) -> None:
        while not self._answering and self._transport is not None:
            try:
                request = take_request(self._buffer)
            except BadRequestError as error:
                self._transport.write(plain(f"{error}\n", 400).head(keep_alive=False))
                self._transport.close()
                return
            if request is None:
                return
            self._answer(request)

    def _answer(self, request: Request) -> None:
        log = self._maker.log
        log.note(request.target, request.headers.get("user-agent", ""), time.monotonic())
        log.began()
        self._answering = True
        response = self._maker.site.respond(request)
        if self._maker.latency_seconds:
            self._after(self._maker.latency_seconds, self._send, request, response)
        else:
            self._send(request, response)

    def _after(self, seconds: float, step: Callable[..., None], *arguments: object) -> None:
        """Take a step later, and whatever the client sent meanwhile after it."""
        self._waiting = asyncio.get_running_loop().call_later(seconds, self._step, step, arguments)

    def _step(self, step: Callable[..., None], arguments: tuple[object, ...]) -> None:
        if self._transport is not None:
            step(*arguments)
            self._serve()

    def _send(self, request: Request, response: Response) -> None:
        assert self._transport is not None  # noqa: S101 - both callers have just looked
        head = response.head(keep_alive=request.keep_alive)
        if request.method == "HEAD" or response.status == 304:
            self._transport.write(head)
        elif response.drip is not None:
            self._transport.write(head)
            self._drip(request, response, response.drip, 0)
            return
        elif len(response.body) < LARGE_BYTES:
            self._transport.write(head + response.body)
        else:
            self._transport.write(head)
            self._transport.write(response.body)
        self._finish(request)

    def _drip(self, request: Request, response: Response, drip: Drip, sent: int) -> None:
        assert self._transport is not None  # noqa: S101 - both callers have just looked
        end = sent + drip.piece_bytes
        self._transport.write(response.body[sent:end])
        if end >= len(response.body):
            self._finish(request)
        else:
            self._after(drip.pause_seconds, self._drip, request, response, drip, end)

    def _finish(self, request: Request) -> None:
        self._answering = False
        self._maker.log.ended()
        if self._transport is not None and not request.keep_alive:
            self._transport.close()
