"""Alerts and notices for the figures about telling: as the line makes them, in any number."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from alerts.rehearsal import rehearsal_notice
from domain.alert import Alert, AlertStatus, Notice, PolicyOutcome, Severity
from domain.finding import Finding, Lane, PricedOffer
from domain.listing import Listing
from domain.reading import Reading, ReadingState
from domain.snapshot import Snapshot
from storage.records import AssessedListing, PageRecord

SOURCE: Final = "benchmarks/alerts"
START: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
_REHEARSED: Final = rehearsal_notice("none", START).alert.finding


def listing_of(number: int, text: str, now: datetime) -> Listing:
    """A near-duplicate: the same words but for its number."""
    return Listing(
        source=SOURCE,
        external_id=str(number),
        url=f"https://relay.example.test/{number}",
        platform="telegram",
        title=f"Relay {number}",
        text=text,
        observed_at=now,
    )


def finding_of(listing: Listing, *, lane: Lane = Lane.POOLED_RELAY) -> Finding:
    """A finding about a listing, the same for all of them."""
    return replace(
        _REHEARSED,
        source=listing.source,
        external_id=listing.external_id,
        listing_version=listing.content_hash,
        lane=lane,
    )


def assessed(
    number: int, channels: tuple[str, ...], now: datetime, *, severity: Severity = Severity.HIGH, text: str = "cheap"
) -> AssessedListing:
    """A listing that raises an alert of this severity for these channels."""
    listing = listing_of(number, f"{text} {number}", now)
    outcome = PolicyOutcome("benchmark", alert=True, severity=severity, queue="relays", policy_version="1")
    return AssessedListing(listing, finding_of(listing), outcome, channels)


def page_of(listings: tuple[AssessedListing, ...], now: datetime, number: int) -> PageRecord:
    """One page that holds these listings."""
    snapshot = Snapshot(
        source=SOURCE,
        url_asked=f"https://relay.example.test/page/{number}",
        url_answered=f"https://relay.example.test/page/{number}",
        status=200,
        headers={},
        fetched_at=now,
        transport="benchmark",
        sha256=f"{number:064x}",
        body_bytes=0,
    )
    return PageRecord(snapshot, Reading(ReadingState.FRESH), listings)


def hostile_notice(texts: list[str], channel: str, number: int) -> Notice:
    """A notice in which everything that comes from outside is one of seven texts."""
    title, place, product, condition, reason, platform, address = texts
    listing = listing_of(number, "", START)
    priced = _REHEARSED.offers[0]
    offer = replace(
        priced.offer, stated_product=product, product=product or None, conditions={condition[:20]: condition}
    )
    signal = replace(_REHEARSED.signals[0], reason=f"says: {reason}")
    finding = replace(
        finding_of(listing),
        offers=(PricedOffer(offer, priced.comparison),),
        signals=(signal,),
        language=platform[:10],
    )
    alert = Alert(
        alert_id=f"{number:020x}",
        source=place,
        external_id=place,
        url=f"https://{address}",
        title=title,
        platform=platform,
        finding=finding,
        severity=Severity.HIGH,
        queue="relays",
        rule="benchmark",
        status=AlertStatus.OPEN,
        version=1,
        opened_at=START,
        updated_at=START,
    )
    return Notice(f"notice-{number}", f"key-{number}", channel, alert, START)
