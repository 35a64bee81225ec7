"""Everything a crawl is given: what to read, whom to tell, what to remember with, and the world it may touch."""

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawlers.family import Family
from crawlers.memory import CrawlMemory, ShortMemory
from crawlers.network_guard import Guard, Target, parse_target
from crawlers.step import CrawlFailure, CrawlStep
from domain.clock import Clock, utc_now
from domain.errors import UndercutError
from domain.reading import FurtherRequest
from domain.snapshot import Page
from domain.source import Access, Source

Handle = Callable[[Page], Awaitable[CrawlStep]]
"""Takes each page as it comes, in order of arrival; what it raises ends the crawl and is raised again by it."""

OnFailure = Callable[[CrawlFailure], Awaitable[None]]
"""Is told of each request that brought no page."""

KeepEvidence = Callable[[bytes], str]
"""Keeps bytes that are evidence beside a page's body (a screenshot), and gives their SHA-256."""

Resolve = Callable[[str], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host name; raises OSError where there are none."""


class SetupError(UndercutError):
    """A crawl cannot start as it is set up; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, as the user agent says it: the version of this program, and a web or mail address to complain to."""

    version: str
    contact: str | None = None

    @property
    def user_agent(self) -> str:
        """`Undercut/0.1.0 (+https://...)`."""
        return f"Undercut/{self.version} (+{self.contact})" if self.contact else f"Undercut/{self.version}"


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """What one crawl may take.

    `pages` counts the pages asked for (not robots.txt). A gap or pause longer than `longest_wait_seconds` ends the
    crawl instead of being waited for. `crawl_seconds` ends it gently; the process that runs it has a harder deadline.
    """

    pages: int = 500
    longest_wait_seconds: float = 300.0
    answer_seconds: float = 30.0
    crawl_seconds: float = 1_800.0


async def system_resolve(host: str) -> tuple[str, ...]:
    """The addresses that the system's resolver gives."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[4][0]) for place in found))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrawlSetup:
    """One source's crawl, before it starts.

    `token` is the secret that the source's `token_variable` names; it is sent only to the origins that the family asks
    first. `permission` is the operator's word that the platform's terms were reviewed, as evidence keeps it; empty
    where none is needed. `replay_from` answers from a folder or WARC file instead of the network, and then nothing is
    remembered: what was saved says nothing about now. `keep` takes what is evidence beside the body; without it no
    screenshot is taken. `clock`, `rest`, `dice` and `resolve` are the world; tests hand in their own.
    """

    source: Source
    family: Family
    handle: Handle
    on_failure: OnFailure
    identity: Identity
    guard: Guard = field(default_factory=Guard)
    memory: CrawlMemory = field(default_factory=ShortMemory)
    limits: CrawlLimits = CrawlLimits()
    keep: KeepEvidence | None = None
    token: str | None = field(default=None, repr=False)
    permission: str = ""
    replay_from: Path | None = None
    clock: Clock = utc_now
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: Callable[[], float] = random.random
    resolve: Resolve = system_resolve

    def __post_init__(self) -> None:
        if self.replay_from is not None:
            object.__setattr__(self, "memory", ShortMemory())

    @property
    def transport(self) -> str:
        """The name of the way pages are got."""
        return "replay" if self.replay_from is not None else self.source.transport

    def first_requests(self) -> tuple[FurtherRequest, ...]:
        """What the family asks first; raises SetupError where it asks nothing or may not be run."""
        first = self.family.first_requests(self.source)
        if not first:
            raise SetupError(f"{self.source.name}: the family {self.family.name} finds nothing to ask for in it")
        if self.source.access in (Access.IMPORT_ONLY, Access.OPERATOR_SESSION):
            raise SetupError(f"{self.source.name} is not read by a crawler (access: {self.source.access})")
        if self.source.access is Access.API_TOKEN and not self.token and self.replay_from is None:
            variable = self.source.token_variable or "of its token_variable"
            raise SetupError(f"{self.source.name} needs a token; set the environment variable {variable}")
        if self.source.terms_limit_programs and not self.permission and self.replay_from is None:
            raise SetupError(f"{self.source.name}: its platform's terms limit programs, and nobody's review is named")
        return first

    def first_targets(self) -> tuple[Target, ...]:
        """Where the family asks first; raises RefusedTargetError for what is no web address."""
        return tuple(parse_target(request.url) for request in self.first_requests())

    def is_unhurried(self, target: Target) -> bool:
        """May this host be asked without delay: an allowed loopback host, or an archive, which asks nobody?"""
        return self.replay_from is not None or self.guard.exempts(target)
