"""One crawl in a process of its own: walks the line for each page of a source and tells its worker how it goes.

`python -m jobs.crawl_process SOURCE`; the configuration is the one that the environment names. Events go to standard
output, one JSON line each; logs go to standard error.
"""

import os
import sys

from crawlers.reading_pool import ReadingPool
from crawlers.registry import family
from crawlers.spiders.runner import crawl
from crawlers.spiders.setup import CrawlLimits, CrawlSetup
from crawlers.step import CrawlFailure, CrawlStep, step_after
from domain.errors import UndercutError
from domain.hostile_text import one_line
from domain.snapshot import Page
from domain.source import Source
from jobs.crawl_memory import StoredCrawlMemory
from jobs.events import CrashEvent, CrawlEvent, EndEvent, FailureEvent, PageEvent, write_event
from jobs.installation import Installation, open_installation
from jobs.permission import why_not
from line.page import process_page

USAGE_STATUS = 2


def main(arguments: list[str]) -> int:
    """0 when the crawl came to an end, 1 when it could not go on (said in a crash event), 2 for wrong usage."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m jobs.crawl_process SOURCE\n")
        return USAGE_STATUS
    try:
        with open_installation() as installation:
            _tell(crawl_source(installation, arguments[0]))
    except UndercutError as error:
        _tell(CrashEvent(one_line(str(error), 500)))
        return 1
    return 0


def crawl_source(installation: Installation, name: str) -> EndEvent:
    """Crawl the source of that name to its end; raises UndercutError where it may not run or cannot go on."""
    source = installation.sources.get(name)
    if source is None:
        raise UndercutError(f"no source {name!r}; `undercut sources list` shows all")
    refusal = why_not(source, installation.config)
    if refusal is not None:
        raise UndercutError(f"{name} does not run: {refusal}")
    with ReadingPool(preload=(source.family,)) as pool:
        end = crawl(_setup(installation, source, pool))
    return EndEvent(end.asked, end.pages, end.failures, end.stop_reason)


def _setup(installation: Installation, source: Source, pool: ReadingPool) -> CrawlSetup:
    instruments = installation.instruments(pool.read)

    async def handle(page: Page) -> CrawlStep:
        outcome = await process_page(page, source.family, instruments)
        _tell(
            PageEvent(
                url=page.snapshot.url_answered,
                state=outcome.reading.state.value,
                reason=outcome.reading.reason,
                listings=outcome.recorded.listings,
                alerts=tuple(alert.alert_id for alert in outcome.recorded.alerts),
                notices=outcome.recorded.notices,
            )
        )
        return step_after(outcome.reading)

    async def on_failure(failure: CrawlFailure) -> None:
        _tell(FailureEvent(failure.url, failure.kind.value, failure.detail))

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
        token=token,
    )


def _tell(event: CrawlEvent) -> None:
    sys.stdout.buffer.write(write_event(event))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
