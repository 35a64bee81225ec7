"""The straight line: keep, read, price, judge, record, tell."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from alerts.policy import Policy, decide
from alerts.routing import Routing, channels_for
from detectors.assess import Detector
from domain.finding import History
from domain.listing import Listing
from domain.masking import mask_listing, mask_reading, mask_snapshot
from domain.reading import STOPPING_STATES, Reading
from domain.snapshot import Page
from line.leaked_keys import IssuerKeys, LeakedKey, leaked_keys, left_to_its_key
from line.place_history import SeenPages, honest_reading
from rates.book import RateBook
from storage.records import AssessedListing, PageRecord, Recorded
from storage.store import Store

ReadPage = Callable[[str, Page], Awaitable[Reading]]
"""Reads a page with the family of that name, within limits."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the line works with; everything but the store is immutable."""

    store: Store
    read: ReadPage
    rates: RateBook
    detector: Detector
    policy: Policy
    routing: Routing
    issuer_keys: IssuerKeys = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of a page: how it read, and what was recorded. `stop` ends the source's crawl."""

    reading: Reading
    recorded: Recorded
    stop: bool


async def process_page(page: Page, family: str, instruments: Instruments, seen: SeenPages | None = None) -> PageOutcome:
    """One page, from its bytes to the notices that will be told; a separate step delivers those.

    `seen` are the pages of the same crawl, so that a place that gives one page for every page number is noticed.
    """
    store = instruments.store
    store.evidence.keep(page.body)
    reading = mask_reading(honest_reading(await instruments.read(family, page), page, store, seen))
    masked = [mask_listing(listing).listing for listing in reading.listings]
    keys = [leaked_keys(*pair, instruments.issuer_keys) for pair in zip(reading.listings, masked, strict=True)]
    assessed = _assess(page.snapshot.source, masked, keys, instruments)
    found = tuple(key.record for of_listing in keys for key in of_listing)
    recorded = store.record(PageRecord(mask_snapshot(page.snapshot), reading, assessed, found))
    return PageOutcome(reading, recorded, stop=reading.state in STOPPING_STATES)


def _assess(
    source: str, listings: Sequence[Listing], keys: Sequence[Sequence[LeakedKey]], instruments: Instruments
) -> tuple[AssessedListing, ...]:
    """Every listing and every key that stood in one, each judged; a key is told of once, by its own finding."""
    shown = {key.listing.external_id: key.listing for of_listing in keys for key in of_listing}
    ids = [listing.external_id for listing in (*listings, *shown.values())]
    histories = instruments.store.histories.of(source, ids)

    def judge(listing: Listing) -> AssessedListing:
        return assess_listing(listing, histories.get(listing.external_id, History()), instruments)

    return tuple(map(judge, (*listings, *shown.values())))


def assess_listing(listing: Listing, history: History, instruments: Instruments) -> AssessedListing:
    """Price and judge one masked listing, and let the policy say who should hear of it."""
    finding = instruments.detector.assess(listing, instruments.rates, history)
    outcome = left_to_its_key(decide(instruments.policy, finding, listing), finding, listing)
    channels = channels_for(instruments.routing, outcome, finding, listing) if outcome.alert else ()
    return AssessedListing(listing, finding, outcome, channels)
