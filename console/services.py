"""What the pages work with: the memory, the rates and the judgement, handed in by whoever serves them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from alerts.policy import Policy
from detectors.assess import Detector
from domain.clock import Clock, utc_now
from domain.source import Source
from line.report_desk import ReportHouse
from rates.book import RateBook
from storage.console_memory import ConsoleMemory


@dataclass(frozen=True, slots=True)
class CrawlState:
    """How a crawl that was started from the console goes: since when, whether it runs or failed, its last words."""

    started_at: datetime | None
    running: bool
    failed: bool
    lines: tuple[str, ...]


class CrawlStarter(Protocol):
    """Crawls what is due and may run, beside the console."""

    def start(self) -> None:
        """Start; raises an UndercutError that says why it cannot."""
        ...

    def state(self) -> CrawlState:
        """How it goes."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a page may use. `why_not` says in a sentence why a source does not run, None where it does.

    `hosts` are the `Host` headers that are answered: any other one is somebody's trick (DNS rebinding). `secure` says
    that browsers reach the console over https, so that cookies are marked for it. Without `crawl` none can be started.
    """

    memory: ConsoleMemory
    rates: RateBook
    detector: Detector
    policy: Policy
    sources: Mapping[str, Source]
    why_not: Callable[[Source], str | None]
    hosts: frozenset[str]
    secure: bool = False
    crawl: CrawlStarter | None = None
    report_house: ReportHouse | None = None
    clock: Clock = utc_now
