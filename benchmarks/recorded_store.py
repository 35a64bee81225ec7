"""A small store filled by the memory's own way in: pages with kept bodies, judged listings, alerts, a decision."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alerts.policy import Policy, decide, load_policy
from detectors.assess import Detector, load_detector
from domain.alert import AlertStatus
from domain.decision import Decision, Outcome
from domain.listing import Handle, HandleRole, Listing
from domain.masking import mask_listing
from domain.reading import Reading, ReadingState
from domain.snapshot import Snapshot
from rates.book import RateBook, load_rate_book
from storage.records import AssessedListing, PageRecord, Recorded
from storage.store import Store, open_store
from street.load import listing_texts

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
LISTINGS_A_PAGE = 5
SOURCE = "bench/recorded"


@dataclass(frozen=True, slots=True)
class Judge:
    """What texts are judged by; loaded once."""

    detector: Detector
    rates: RateBook
    policy: Policy


def load_judge() -> Judge:
    """The shipped detector, rates and policy."""
    rates = load_rate_book()
    return Judge(load_detector(rates=rates), rates, load_policy())


def record_page(store: Store, judge: Judge, number: int, texts: Sequence[str], sellers: Sequence[str] = ()) -> Recorded:
    """Keep a body made of these texts and record what stands on it; returns when it survives a power cut."""
    at = START + timedelta(minutes=number)
    body = _body(number, texts)
    digest = store.evidence.keep(body)
    assessed = []
    for place, text in enumerate(texts):
        seller = sellers[place] if place < len(sellers) else f"seller_{number}_{place}"
        url = f"https://shop.example.test/{number}/{place}"
        handles = (Handle("market", seller, HandleRole.SELLER),)
        said = Listing(SOURCE, f"{number}-{place}", url, "market", text[:40], text, at, handles=handles)
        listing = mask_listing(said).listing
        finding = judge.detector.assess(listing, judge.rates)
        outcome = decide(judge.policy, finding, listing)
        assessed.append(AssessedListing(listing, finding, outcome, ("terminal",) if outcome.alert else ()))
    url = f"https://shop.example.test/{number}"
    snapshot = Snapshot(SOURCE, url, url, 200, {}, at, "benchmark", digest, len(body))
    return store.record(PageRecord(snapshot, Reading(ReadingState.FRESH), tuple(assessed)))


def _body(number: int, texts: Sequence[str]) -> bytes:
    return "\n".join((f"page {number}", *texts)).encode("utf-8", "replace")


def fill(store: Store, judge: Judge, pages: int, seed: int) -> None:
    """Pages, a decision about an alert, a note, and a signed head."""
    texts = list(listing_texts(pages * LISTINGS_A_PAGE, seed=seed))
    for number in range(pages):
        record_page(store, judge, number, texts[number * LISTINGS_A_PAGE : (number + 1) * LISTINGS_A_PAGE])
    alert = store.alerts.list(limit=1).alerts[0]
    decision = Decision(alert.alert_id, alert.version, Outcome.CONFIRMED, "resale", "clear", "li", START)
    store.decisions.add(decision, AlertStatus.CLOSED)
    store.custody.note("viewed_raw", "snapshot 1", actor="li", details={"reason": "a report"})
    store.custody.sign_head(store.evidence.signing_key())


def open_in(folder: Path) -> Store:
    """A SQLite store in a folder."""
    return open_store(f"sqlite:///{folder / 'undercut.sqlite'}", folder)


def body_digest(number: int, texts: Sequence[str]) -> str:
    """The name under which the body of such a page is kept."""
    return hashlib.sha256(_body(number, texts)).hexdigest()
