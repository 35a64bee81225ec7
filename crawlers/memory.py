"""What crawling remembers between processes, as a port that storage fills, and a short memory for when nothing does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from crawlers.politeness import HostState

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a place gave to ask "has it changed?" with."""

    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class RobotsRecord:
    """A fetched robots.txt: its status (0 for unreachable), its first bytes and when it was fetched (aware UTC)."""

    status: int
    body: bytes
    fetched_at: datetime
    note: str = ""


class CrawlMemory(Protocol):
    """What outlives a crawl. Every call may be answered from a database; none may lose what it was given."""

    async def change_host(self, host: str, change: Callable[[HostState], tuple[HostState, Result]]) -> Result:
        """Apply a pure change to a host's state (`HostState()` where unknown) in one transaction, and give its result.

        Two processes that change the same host at once must see one another's change: this is what keeps a host from
        being asked twice at a time.
        """
        ...

    async def robots(self, origin: str) -> RobotsRecord | None:
        """The remembered robots.txt of an origin (`https://host:port`)."""
        ...

    async def keep_robots(self, origin: str, record: RobotsRecord) -> None:
        """Remember a robots.txt."""
        ...

    async def validators(self, source: str, url: str) -> Validators | None:
        """What the page gave when this source last understood it."""
        ...

    async def keep_validators(self, source: str, url: str, validators: Validators) -> None:
        """Remember what the page gave."""
        ...


class ShortMemory:
    """Remembers for as long as it lives: for demonstrations, replays and tests."""

    def __init__(self) -> None:
        self.hosts: dict[str, HostState] = {}
        self._robots: dict[str, RobotsRecord] = {}
        self._validators: dict[tuple[str, str], Validators] = {}

    async def change_host(self, host: str, change: Callable[[HostState], tuple[HostState, Result]]) -> Result:
        """Change a host's state."""
        self.hosts[host], result = change(self.hosts.get(host, HostState()))
        return result

    async def robots(self, origin: str) -> RobotsRecord | None:
        """The remembered robots.txt."""
        return self._robots.get(origin)

    async def keep_robots(self, origin: str, record: RobotsRecord) -> None:
        """Remember a robots.txt."""
        self._robots[origin] = record

    async def validators(self, source: str, url: str) -> Validators | None:
        """What the page gave."""
        return self._validators.get((source, url))

    async def keep_validators(self, source: str, url: str, validators: Validators) -> None:
        """Remember what the page gave."""
        self._validators[source, url] = validators
