"""A loopback web that notes who asked what and when, a clock that tests move, and crawls that run between the two."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from crawlers.family import Family
from crawlers.memory import ShortMemory
from crawlers.network_guard import Guard
from crawlers.spiders.runner import CrawlEnd, crawl_in_loop
from crawlers.spiders.setup import CrawlLimits, CrawlSetup, Identity
from crawlers.step import CrawlFailure, CrawlStep
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

LIMITS = CrawlLimits(answer_seconds=5.0, longest_wait_seconds=100.0)
IDENTITY = Identity("0.0", "https://undercut.example.test/contact")
LINK = re.compile(rb'href="([^"]{1,2000})"')


@dataclass
class World:
    """A clock that moves when somebody rests or takes time, and never by itself.

    `settle_seconds` are real ones, for requests of others to be answered before a rest is over.
    """

    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    rested: list[float] = field(default_factory=list)
    settle_seconds: float = 0.0

    def clock(self) -> datetime:
        return self.now

    async def rest(self, seconds: float) -> None:
        self.rested.append(seconds)
        end = self.now + timedelta(seconds=seconds)
        await asyncio.sleep(self.settle_seconds)
        self.now = max(self.now, end)

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Seen:
    """One request as the server saw it."""

    at: datetime
    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answer = tuple[int, Mapping[str, str], bytes]


class Web:
    """A server on loopback. `answers` maps a path to an answer or to a function of the request; else 404."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.answers: dict[str, Answer | Callable[[Seen], Answer]] = {}
        self.raw: dict[str, bytes] = {}
        self.seen: list[Seen] = []
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def page(self, path: str, body: str | bytes = "", status: int = 200, **headers: str) -> None:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, sent, body.encode() if isinstance(body, str) else body)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while head := await self._head(reader):
                request, *lines = head.decode("latin-1").split("\r\n")
                method, path, _ = request.split(" ")
                headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines) if k}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                seen = Seen(self.world.now, method, headers.get("host", ""), path, headers, body)
                self.seen.append(seen)
                if path in self.raw:
                    writer.write(self.raw[path])
                    await writer.drain()
                    break
                writer.write(self._answer(seen))
                await writer.drain()
        finally:
            self._writers.discard(writer)
            writer.close()

    def close(self) -> None:
        for writer in self._writers:
            writer.close()

    @staticmethod
    async def _head(reader: asyncio.StreamReader) -> bytes:
        try:
            return (await reader.readuntil(b"\r\n\r\n"))[:-4]
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""

    def _answer(self, seen: Seen) -> bytes:
        answer = self.answers.get(seen.path, (404, {}, b"not here"))
        status, headers, body = answer(seen) if callable(answer) else answer
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
        lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


@dataclass
class Crawled:
    """What a crawl brought."""

    pages: list[Page] = field(default_factory=list)
    failures: list[CrawlFailure] = field(default_factory=list)
    end: CrawlEnd | None = None

    def paths(self) -> list[str]:
        return [re.sub(r"^[a-z]+://[^/]+", "", page.snapshot.url_asked) for page in self.pages]

    def kinds(self) -> list[str]:
        return [str(failure.kind) for failure in self.failures]


def follow_links(page: Page) -> CrawlStep:
    """Every address that a page links to, further."""
    return CrawlStep(further=tuple(FurtherRequest(found.decode()) for found in LINK.findall(page.body)))


@dataclass
class Crawls:
    """Runs crawls of `source` against the world; the attributes may be changed before `run`."""

    world: World
    source: Source
    guard: Guard
    memory: ShortMemory = field(default_factory=ShortMemory)
    limits: CrawlLimits = LIMITS
    identity: Identity = IDENTITY
    hosts: dict[str, list[str]] = field(default_factory=dict)
    first: tuple[FurtherRequest, ...] | None = None

    async def resolve(self, host: str) -> list[str]:
        try:
            return self.hosts[host]
        except KeyError:
            raise OSError(f"no such name: {host}") from None

    async def run(self, handle: Callable[[Page], CrawlStep] = follow_links, **changes: Any) -> Crawled:
        crawled = Crawled()

        async def keep(page: Page) -> CrawlStep:
            crawled.pages.append(page)
            return handle(page)

        async def tell(failure: CrawlFailure) -> None:
            crawled.failures.append(failure)

        setup = CrawlSetup(
            source=self.source,
            family=family(self.first),
            handle=keep,
            on_failure=tell,
            identity=self.identity,
            guard=self.guard,
            memory=self.memory,
            limits=self.limits,
            clock=self.world.clock,
            rest=self.world.rest,
            dice=lambda: 0.5,
            resolve=self.resolve,
        )
        crawled.end = await crawl_in_loop(replace(setup, **changes))
        return crawled


def family(first: tuple[FurtherRequest, ...] | None = None) -> Family:
    return Family(
        name="tiny",
        software="none",
        platform="shop",
        read=lambda page: Reading(ReadingState.EMPTY),
        first_requests=lambda source: (
            first if first is not None else tuple(FurtherRequest(url) for url in source.start_urls)
        ),
    )


def source(*urls: str) -> Source:
    return Source(
        name="shops/tiny",
        family="tiny",
        start_urls=urls,
        purpose="tests",
        owner="tests",
        cadence=timedelta(hours=1),
    )


@pytest.fixture
def world() -> World:
    return World()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def reactor() -> object:
    """Twisted's reactor on the session's event loop: it can be started once in a process."""
    from twisted.internet import asyncioreactor

    asyncioreactor.install(asyncio.get_running_loop())
    from twisted.internet import reactor

    reactor.startRunning(installSignalHandlers=False)
    return reactor


@pytest_asyncio.fixture(loop_scope="session")
async def web(world: World, reactor: object) -> AsyncIterator[Web]:
    """A server on loopback that is reached as `shop.example.test`, so that the floors hold for it."""
    site = Web(world)
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    site.close()
    server.close()
    await server.wait_closed()


@pytest.fixture
def crawls(world: World, web: Web) -> Crawls:
    """Crawls of the loopback server under a name that is not loopback's: allowed, and not exempt from any floor."""
    place = f"shop.example.test:{web.port}"
    return Crawls(
        world,
        source(f"http://{place}/"),
        Guard.allowing([place]),
        hosts={"shop.example.test": ["127.0.0.1"], "www.shop.example.test": ["127.0.0.1"]},
    )


@pytest.fixture
def tiny_family() -> Callable[..., Family]:
    """Makes a family that asks for a source's addresses, or for what it is given."""
    return family


@pytest.fixture
def tiny_source() -> Callable[..., Source]:
    """Makes a source with addresses."""
    return source
