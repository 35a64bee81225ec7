"""The straight line: keep, read, price, judge, record, tell."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from alerts.policy import Policy, decide
from alerts.routing import Routing, channels_for
from detectors.assess import Detector
from domain.finding import History
from domain.listing import Listing
from domain.masking import mask_listing
from domain.reading import STOPPING_STATES, Reading
from domain.snapshot import Page
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


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """What became of a page: how it read, and what was recorded. `stop` ends the source's crawl."""

    reading: Reading
    recorded: Recorded
    stop: bool


async def process_page(page: Page, family: str, instruments: Instruments) -> PageOutcome:
    """One page, from its bytes to the notices that will be told; a separate step delivers those."""
    store = instruments.store
    store.evidence.keep(page.body)
    reading = await instruments.read(family, page)
    listings = tuple(mask_listing(listing).listing for listing in reading.listings)
    histories = store.histories.of(page.snapshot.source, [listing.external_id for listing in listings])
    assessed = tuple(
        assess_listing(listing, histories.get(listing.external_id, History()), instruments) for listing in listings
    )
    recorded = store.record(PageRecord(page.snapshot, reading, assessed))
    return PageOutcome(reading, recorded, stop=reading.state in STOPPING_STATES)


def assess_listing(listing: Listing, history: History, instruments: Instruments) -> AssessedListing:
    """Price and judge one masked listing, and let the policy say who should hear of it."""
    finding = instruments.detector.assess(listing, instruments.rates, history)
    outcome = decide(instruments.policy, finding, listing)
    channels = channels_for(instruments.routing, outcome, finding, listing) if outcome.alert else ()
    return AssessedListing(listing, finding, outcome, channels)
