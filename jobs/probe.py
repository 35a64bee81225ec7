"""Looks at a place once, politely, to say which software it runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urljoin

from crawlers.family import Family, Recognition
from crawlers.registry import recognise
from crawlers.spiders.runner import crawl
from crawlers.spiders.setup import CrawlLimits, CrawlSetup
from crawlers.step import CrawlFailure, CrawlStep
from domain.errors import UndercutError
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source
from jobs.installation import Installation
from jobs.permission import why_not

# The front page, and the one public answer that most relay software gives; never more.
PROBED_PATHS = ("", "/api/status")


class ProbeError(UndercutError):
    """A place could not be looked at."""


@dataclass(slots=True)
class _Seen:
    pages: list[Page] = field(default_factory=list)
    failures: list[CrawlFailure] = field(default_factory=list)


def probe(installation: Installation, url: str) -> tuple[tuple[Recognition, ...], Source]:
    """What every family says of the place, the surest first, and the source it was looked at as.

    Raises ProbeError where nothing could be fetched.
    """
    source = Source(
        name="probe/once",
        family="probe",
        start_urls=(url,),
        purpose="which software does this place run?",
        owner="operator",
        cadence=timedelta(days=1),
    )
    refusal = why_not(source, installation.config.model_copy(update={"only_sources": ()}))
    if refusal is not None:
        raise ProbeError(f"{url} is not looked at: {refusal}")
    seen = _Seen()
    crawl(_setup(installation, source, seen))
    if not seen.pages:
        told = "; ".join(f"{failure.kind}: {failure.detail}" for failure in seen.failures) or "no answer"
        raise ProbeError(f"{url} could not be read: {told}")
    return _surest(seen.pages), source


def _setup(installation: Installation, source: Source, seen: _Seen) -> CrawlSetup:
    async def handle(page: Page) -> CrawlStep:
        seen.pages.append(page)
        return CrawlStep()

    async def on_failure(failure: CrawlFailure) -> None:
        seen.failures.append(failure)

    return CrawlSetup(
        source=source,
        family=Family("probe", "any", "any", _read_nothing, _first_requests),
        handle=handle,
        on_failure=on_failure,
        identity=installation.identity,
        guard=installation.guard,
        limits=CrawlLimits(pages=len(PROBED_PATHS), longest_wait_seconds=60.0),
    )


def _first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    (url,) = source.start_urls
    return (FurtherRequest(url), *(FurtherRequest(urljoin(url, path)) for path in PROBED_PATHS if path))


def _read_nothing(page: Page) -> Reading:
    return Reading(ReadingState.FRESH)


def _surest(pages: Sequence[Page]) -> tuple[Recognition, ...]:
    """The best that each family says of any of the pages; marks of several pages count together."""
    best: dict[str, Recognition] = {}
    for page in pages:
        for found in recognise(page):
            known = best.get(found.family)
            marks = tuple(dict.fromkeys((*(known.marks if known else ()), *found.marks)))
            confidence = max(found.confidence, known.confidence if known else 0.0)
            best[found.family] = Recognition(found.family, confidence, marks)
    return tuple(sorted(best.values(), key=lambda found: (-found.confidence, found.family)))
