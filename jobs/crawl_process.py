"""One crawl, in a process of its own: walks the line for each page of a source and tells its worker how it goes."""

import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from crawlers.reading_pool import ReadingPool
from crawlers.registry import family
from crawlers.spiders.runner import crawl
from crawlers.spiders.setup import CrawlLimits, CrawlSetup
from crawlers.step import CrawlFailure, CrawlStep, step_after
from domain.clock import utc_now
from domain.errors import UndercutError
from domain.hostile_text import one_line
from domain.reading import ReadingState
from domain.secrets import mask_secrets
from domain.snapshot import Page
from domain.source import Source
from jobs.config import load_config
from jobs.crawl_memory import StoredCrawlMemory
from jobs.events import CrashEvent, EndEvent, FailureEvent, PageEvent, write_event
from jobs.installation import Installation, open_installation
from jobs.permission import permission_of, why_not
from jobs.supervise import Tell
from line.failure import record_failure
from line.page import PageOutcome, process_page
from line.place_history import SeenPages
from storage.sources import CrawlRun, LastCrawl


def crawl_in_child(tell: Tell, config_file: str, source: str, replay_from: str = "") -> int:
    """The work of a crawl's child: 0 when it came to an end, 1 when it could not go on (told as a crash event)."""
    try:
        with open_installation(load_config(Path(config_file) if config_file else None)) as installation:
            replay = Path(replay_from) if replay_from else None
            tell(write_event(crawl_source(installation, source, tell, replay_from=replay)))
    except UndercutError as error:
        tell(write_event(CrashEvent(one_line(str(error), 500))))
        return 1
    return 0


def crawl_source(installation: Installation, name: str, tell: Tell, *, replay_from: Path | None = None) -> EndEvent:
    """Crawl the source of that name to its end; raises UndercutError where it may not run or cannot go on."""
    source = installation.sources.get(name)
    if source is None:
        raise UndercutError(f"no source {name!r}; `undercut sources list` shows all")
    refusal = why_not(source, installation.config, replayed=replay_from is not None)
    if refusal is not None:
        raise UndercutError(f"{name} does not run: {refusal}")
    yielded = _Yielded()
    with ReadingPool(preload=(source.family,)) as pool:
        end = crawl(replace(_setup(installation, source, pool, tell, yielded), replay_from=replay_from))
    ended_at = utc_now()
    installation.store.sources.note_crawl(
        LastCrawl(name, ended_at, end.pages, yielded.refused_pages, len(yielded.listings), end.stop_reason)
    )
    if replay_from is None:
        installation.store.sources.note_run(yielded.run(name, ended_at, end.pages))
    return EndEvent(end.asked, end.pages, end.failures, end.stop_reason)


@dataclass(slots=True)
class _Yielded:
    """What a crawl brought: the distinct listings by id, and how many pages were refusals or as they were before."""

    listings: set[str] = field(default_factory=set)
    with_price: set[str] = field(default_factory=set)
    with_seller: set[str] = field(default_factory=set)
    refused_pages: int = 0
    unchanged_pages: int = 0

    def add(self, outcome: PageOutcome) -> None:
        """Count a page."""
        for listing in outcome.reading.listings:
            self.listings.add(listing.external_id)
            if listing.prices or listing.stated_offers:
                self.with_price.add(listing.external_id)
            if listing.handles:
                self.with_seller.add(listing.external_id)
        self.refused_pages += outcome.stop
        self.unchanged_pages += outcome.reading.state is ReadingState.UNCHANGED

    def run(self, source: str, ended_at: datetime, pages: int) -> CrawlRun:
        """The crawl as it is remembered."""
        return CrawlRun(
            source, ended_at, pages, self.refused_pages, self.unchanged_pages,
            len(self.listings), len(self.with_price), len(self.with_seller),
        )  # fmt: skip


def _setup(installation: Installation, source: Source, pool: ReadingPool, tell: Tell, yielded: _Yielded) -> CrawlSetup:
    instruments, seen = installation.instruments(pool.read), SeenPages()

    async def handle(page: Page) -> CrawlStep:
        outcome = await process_page(page, source.family, instruments, seen)
        yielded.add(outcome)
        event = PageEvent(
            url=mask_secrets(page.snapshot.url_answered),
            state=outcome.reading.state.value,
            reason=outcome.reading.reason,
            listings=outcome.recorded.listings,
            alerts=tuple(alert.alert_id for alert in outcome.recorded.alerts),
            notices=outcome.recorded.notices,
        )
        tell(write_event(event))
        return step_after(outcome.reading)

    async def on_failure(failure: CrawlFailure) -> None:
        record_failure(failure, installation.store)
        tell(write_event(FailureEvent(failure.url, failure.kind.value, failure.detail)))

    token = os.environ.get(source.token_variable) if source.token_variable else None
    return CrawlSetup(
        source=source,
        family=family(source.family),
        handle=handle,
        on_failure=on_failure,
        identity=installation.identity,
        guard=installation.guard,
        memory=StoredCrawlMemory(installation.store.crawl_memory),
        limits=CrawlLimits(
            pages=source.manners.pages_per_day, crawl_seconds=installation.config.crawl_deadline_seconds * 0.9
        ),
        keep=installation.store.evidence.keep,
        token=token,
        permission=permission_of(source, installation.config),
    )
