"""Looks at a place once, politely, to say which software it runs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from crawlers.families._html import site_root
from crawlers.family import Family, Recognition
from crawlers.recognition import icon_address, icon_hash, recognise_place
from crawlers.registry import families
from crawlers.soft_blocks import find_refusal
from crawlers.spiders.runner import crawl
from crawlers.spiders.setup import CrawlLimits, CrawlSetup
from crawlers.step import CrawlFailure, CrawlStep
from domain.errors import UndercutError
from domain.reading import STOPPING_STATES, FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source
from jobs.installation import Installation
from jobs.permission import why_not

# What a visitor's browser, or a client without a key, is answered; never more, and not all where less is enough.
STATUS_PATHS = ("/api/status", "/api/v1/settings/public")
REFUSED_PATH = "/v1/models"
"""Relays answer a client without a key with an error of their software's own shape."""
MOST_REQUESTS = 6
SURE = 0.8


class ProbeError(UndercutError):
    """A place could not be looked at."""


@dataclass(slots=True)
class _Seen:
    pages: list[Page] = field(default_factory=list)
    failures: list[CrawlFailure] = field(default_factory=list)
    icon: str = ""
    refusal: str = ""

    def recognised(self) -> tuple[Recognition, ...]:
        return recognise_place(self.pages, self.icon)


def probe(installation: Installation, url: str) -> tuple[tuple[Recognition, ...], Source]:
    """What every family says of the place, the surest first, and the source it was looked at as.

    Raises ProbeError where nothing could be fetched, and where the place refuses.
    """
    source = _source(url)
    refusal = why_not(source, installation.config.model_copy(update={"only_sources": ()}))
    if refusal is not None:
        raise ProbeError(f"{url} is not looked at: {refusal}")
    seen = _Seen()
    crawl(_setup(installation, source, seen))
    if seen.refusal:
        raise ProbeError(f"{url} does not want to be looked at: {seen.refusal}")
    if not seen.pages:
        told = "; ".join(f"{failure.kind}: {failure.detail}" for failure in seen.failures) or "no answer"
        raise ProbeError(f"{url} could not be read: {told}")
    return seen.recognised(), source


def _setup(installation: Installation, source: Source, seen: _Seen) -> CrawlSetup:
    async def handle(page: Page) -> CrawlStep:
        return _next(page, seen)

    async def on_failure(failure: CrawlFailure) -> None:
        seen.failures.append(failure)

    return CrawlSetup(
        source=source,
        family=Family("probe", "any", "any", _read_nothing, _first_requests),
        handle=handle,
        on_failure=on_failure,
        identity=installation.identity,
        guard=installation.guard,
        limits=CrawlLimits(pages=MOST_REQUESTS, longest_wait_seconds=60.0),
    )


def _next(page: Page, seen: _Seen) -> CrawlStep:
    """What to ask for next: the icon that the page names, and one answer after the other until it is sure.

    A refusal of the front page ends it, as it ends any crawl; that a client without a key is refused is an answer.
    """
    context = page.snapshot.context
    if context.get("asked_as") == "icon":
        seen.icon = icon_hash(page.body) if page.snapshot.status == 200 else ""
        return CrawlStep()
    refusal = find_refusal(page)
    if refusal is not None and refusal.state in STOPPING_STATES and (not context or page.snapshot.status != 401):
        seen.refusal = seen.refusal or f"{refusal.state}: {refusal.reason}"
        return CrawlStep(stop=True, refused=True, reason=seen.refusal, pause_seconds=refusal.retry_after_seconds)
    seen.pages.append(page)
    first = () if context else (FurtherRequest(icon_address(page), {"asked_as": "icon"}),)
    done = (*context.get("done", "").split(), page.snapshot.url_asked)
    found = seen.recognised()
    left = [url for url in _addresses(page.snapshot.url_asked, found) if url not in done]
    if not left or (found and found[0].confidence > SURE):
        return CrawlStep(first)
    return CrawlStep((*first, FurtherRequest(left[0], {"asked_as": "answer", "done": " ".join(done)})))


def _addresses(url: str, found: Sequence[Recognition]) -> Iterator[str]:
    """What the likeliest family would ask first, and, unless that is no relay, what relays answer."""
    root = site_root(url)
    if found:
        likeliest = families()[found[0].family]
        asked = (request.url for request in likeliest.first_requests(_source(f"{root}/")) if request.body is None)
        yield from (address for address in asked if site_root(address) == root)
        if likeliest.platform != "relay":
            return
    yield from (f"{root}{path}" for path in (*STATUS_PATHS, REFUSED_PATH))


def _source(url: str) -> Source:
    return Source(
        name="probe/once",
        family="probe",
        start_urls=(url,),
        purpose="which software does this place run?",
        owner="operator",
        cadence=timedelta(days=1),
    )


def _first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    return tuple(map(FurtherRequest, source.start_urls))


def _read_nothing(page: Page) -> Reading:
    return Reading(ReadingState.FRESH)
