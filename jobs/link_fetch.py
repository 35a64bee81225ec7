"""One page that a person named in a chat: fetched once, politely, in a process of its own, and taken down the line."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawlers.family import Family
from crawlers.reading_pool import ReadingPool
from crawlers.registry import family, recognise
from crawlers.spiders.runner import crawl
from crawlers.spiders.setup import CrawlLimits, CrawlSetup
from crawlers.step import CrawlFailure, CrawlStep
from domain.errors import UndercutError
from domain.hostile_text import one_line
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source
from jobs.config import Config, load_config
from jobs.events import CrashEvent, CrawlEvent, FailureEvent, PageEvent, read_event, write_event
from jobs.installation import LOGS_FOLDER, Installation, open_installation
from jobs.permission import why_not
from jobs.supervise import Tell, run_supervised
from line.import_names import import_source
from line.page import process_page

DEADLINE_SECONDS = 90.0
TELEGRAM_HOSTS = frozenset({"t.me", "telegram.me", "www.t.me", "telegram.dog"})


def link_fetcher(
    config: Config, config_file: Path | None
) -> Callable[[str, str], Awaitable[tuple[tuple[str, ...], str]]]:
    """A way to read the page of an address for a person: gives the ids of its alerts, and what else is to be said."""

    async def fetch(url: str, by: str) -> tuple[tuple[str, ...], str]:
        return await asyncio.to_thread(_fetch, config, config_file, url, by)

    return fetch


def _fetch(config: Config, config_file: Path | None, url: str, by: str) -> tuple[tuple[str, ...], str]:
    events: list[CrawlEvent] = []
    end = run_supervised(
        fetch_in_child,
        (str(config_file) if config_file else "", url, by),
        deadline_seconds=DEADLINE_SECONDS,
        on_message=lambda message: events.append(read_event(message)),
        log=config.data_folder / LOGS_FOLDER / "links.log",
    )
    alerts = tuple(alert for event in events if isinstance(event, PageEvent) for alert in event.alerts)
    said = "; ".join(_words(event) for event in events)
    if end.cut_short:
        said = f"the page was not read within {DEADLINE_SECONDS:.0f} seconds"
    return alerts, said or "nothing was answered"


def _words(event: CrawlEvent) -> str:
    match event:
        case PageEvent():
            return f"{event.state}, {event.listings} listings" + (f" ({event.reason})" if event.reason else "")
        case FailureEvent():
            return f"{event.failure}: {event.detail}"
        case CrashEvent():
            return event.message
        case _:
            return ""


def fetch_in_child(tell: Tell, config_file: str, url: str, by: str) -> int:
    """The work of the child: 0 when the page was asked for, 1 when it may not be (told as a crash event)."""
    try:
        with open_installation(load_config(Path(config_file) if config_file else None)) as installation:
            _read_once(installation, url, by, tell)
    except UndercutError as error:
        tell(write_event(CrashEvent(one_line(str(error), 300))))
        return 1
    return 0


def _read_once(installation: Installation, url: str, by: str, tell: Tell) -> None:
    source = _source(url)
    limits_programs = urlsplit(url).hostname in TELEGRAM_HOSTS
    if limits_programs and installation.config.terms_review("telegram_preview") is None:
        raise UndercutError(
            "Telegram's terms limit reading by programs, and nobody has reviewed them; forward the message"
        )
    refusal = why_not(source, installation.config.model_copy(update={"only_sources": ()}))
    if refusal is not None:
        raise UndercutError(f"the page is not read: {refusal}")
    with ReadingPool() as pool:
        instruments = installation.instruments(pool.read)

        async def handle(page: Page) -> CrawlStep:
            recognised = recognise(page)
            if not recognised:
                tell(write_event(CrashEvent("no family recognises this page; save it and send the file")))
                return CrawlStep()
            known = family(recognised[0].family)
            capture = {**page.snapshot.capture, "family": known.name, "imported_by": by}
            name = import_source(known, page.snapshot.url_answered)
            outcome = await process_page(
                Page(replace(page.snapshot, source=name, capture=capture), page.body), known.name, instruments
            )
            alerts = [
                alert.alert_id
                for listing in outcome.reading.listings
                if (alert := installation.store.alerts.of_listing(listing.source, listing.external_id))
            ]
            read = outcome.reading
            told = (page.snapshot.url_answered, read.state.value, read.reason, len(read.listings))
            tell(write_event(PageEvent(*told, tuple(alerts), outcome.recorded.notices)))
            return CrawlStep()

        async def on_failure(failure: CrawlFailure) -> None:
            tell(write_event(FailureEvent(failure.url, failure.kind.value, failure.detail)))

        crawl(
            CrawlSetup(
                source=source,
                family=Family("link", "any", "any", _read_nothing, _first_requests),
                handle=handle,
                on_failure=on_failure,
                identity=installation.identity,
                guard=installation.guard,
                limits=CrawlLimits(pages=1, longest_wait_seconds=60.0),
            )
        )


def _source(url: str) -> Source:
    return Source(
        name="import/link",
        family="link",
        start_urls=(url,),
        purpose="a page that an analyst named in a chat",
        owner="operator",
        cadence=timedelta(days=1),
    )


def _first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    return tuple(FurtherRequest(url) for url in source.start_urls)


def _read_nothing(page: Page) -> Reading:
    return Reading(ReadingState.FRESH)
