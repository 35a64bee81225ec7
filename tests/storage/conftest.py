"""Stores, and a builder of what the line would hand to them."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.alert import PolicyOutcome, Severity
from domain.comparison import Comparison, Refusal, Share
from domain.finding import (
    Authorisation,
    Exposure,
    Finding,
    History,
    Lane,
    PricedOffer,
    Signal,
    Verdict,
)
from domain.listing import Listing
from domain.money import Money
from domain.offer import Offer, OfferKind, TextSpan, Unit
from domain.rate import Rate
from domain.reading import Reading, ReadingState
from domain.snapshot import Snapshot
from storage.database import Database
from storage.evidence import open_evidence
from storage.records import AssessedListing, PageRecord
from storage.store import Store

START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SOURCE = "relay/example"


@dataclass
class ManualClock:
    """A clock that a test moves."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> datetime:
        self.now += timedelta(**parts)
        return self.now


@dataclass
class Builder:
    """Builds listings, findings and pages; every test names only what it is about."""

    clock: ManualClock = field(default_factory=ManualClock)

    def listing(self, external_id: str = "1", text: str = "opus, half price", **parts: Any) -> Listing:
        said = {
            "source": SOURCE,
            "url": f"https://shop.example.test/{len(external_id)}",
            "platform": "relay",
            "title": "Cheap access",
            "observed_at": self.clock(),
            **parts,
        }
        return Listing(external_id=external_id, text=text, **said)

    def finding(
        self, listing: Listing, share: str | None = "0.2", exposure: str | None = "100", **parts: Any
    ) -> Finding:
        offer = Offer("claude-opus-4-8", "Opus", "anthropic", OfferKind.CREDIT_TOPUP, TextSpan("text", 0, 4))
        rate = Rate(
            "claude-opus-4-8",
            "anthropic",
            Money(Decimal("15"), "USD"),
            Unit.PER_MTOK_IN,
            "https://prices.example.test",
            date(2026, 5, 1),
        )
        best = None if share is None else Decimal(share)
        comparison = (
            Comparison(None, Refusal.NO_PRICE) if best is None else Comparison(Share(best, best, best), None, rate)
        )
        money = None if exposure is None else Money(Decimal(exposure), "USD")
        said = {
            "probability": 0.9,
            "verdict": Verdict.RESALE,
            "authorisation": Authorisation.UNKNOWN,
            "lane": Lane.POOLED_RELAY,
            "history": History(),
            "signals": (Signal("supply.pooled_accounts", 1.4, "says so", TextSpan("text", 0, 4)),),
            "rules_version": "r1",
            "rates_version": "p1",
            "overlay_version": "none",
            **parts,
        }
        return Finding(
            source=listing.source,
            external_id=listing.external_id,
            listing_version=listing.content_hash,
            language="en",
            offers=(PricedOffer(offer, comparison),),
            contacts=(),
            indicators=(),
            exposure=None if money is None else Exposure(money, money),
            **said,
        )

    def assessed(
        self,
        external_id: str = "1",
        text: str = "opus, half price",
        *,
        alert: bool = True,
        severity: Severity = Severity.HIGH,
        channels: tuple[str, ...] = ("terminal",),
        listing: Listing | None = None,
        **finding: Any,
    ) -> AssessedListing:
        listing = listing or self.listing(external_id, text)
        outcome = PolicyOutcome("deep_discount", alert, severity, "review", "policy-1")
        return AssessedListing(listing, self.finding(listing, **finding), outcome, channels)

    def page(self, *assessed: AssessedListing, reading: Reading | None = None, **snapshot: Any) -> PageRecord:
        body = repr([(one.listing.external_id, one.listing.text) for one in assessed]).encode("utf-8", "replace")
        said = {
            "source": SOURCE,
            "url_asked": "https://shop.example.test/",
            "url_answered": "https://shop.example.test/",
            "status": 200,
            "headers": {"content-type": "text/html"},
            "fetched_at": self.clock(),
            "transport": "plain",
            "sha256": hashlib.sha256(body).hexdigest(),
            "body_bytes": len(body),
            **snapshot,
        }
        state = ReadingState.FRESH if assessed else ReadingState.EMPTY
        return PageRecord(Snapshot(**said), reading or Reading(state), assessed)


@pytest.fixture
def build() -> Builder:
    """The builder, whose clock is the store's clock."""
    return Builder()


@pytest.fixture
def open_store_again(
    open_store_database: Callable[[], Database], build: Builder, tmp_path: Path
) -> Callable[[], Store]:
    """Opens the same store once more, as another process would."""
    return lambda: Store(
        open_store_database(), open_evidence(tmp_path / "evidence", tmp_path / "master.key"), build.clock
    )


@pytest.fixture
def store(open_store_again: Callable[[], Store]) -> Store:
    """An empty store on SQLite and (marked slow) on PostgreSQL."""
    return open_store_again()
