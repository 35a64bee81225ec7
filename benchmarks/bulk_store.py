"""A store of any size, written in bulk: real findings about constructed texts, each told of many listings."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Table

from alerts.policy import Policy
from detectors.assess import Detector
from domain.alert import PolicyOutcome, Severity
from domain.finding import Finding
from domain.listing import Handle, HandleRole, Listing, Reach
from rates.book import RateBook
from storage.batches import insert_rows
from storage.codec import dump_finding, dump_history, dump_listing, dump_reach
from storage.database import Database
from storage.identity import alert_id, listing_key
from storage.ranking import exposure_high_usd, product_of, ranking_columns
from storage.search.finder import document_of
from storage.search.index import Document, index_for
from storage.tables import alert_versions, alerts, findings, listing_versions, listings, sightings, snapshots
from storage.types import to_nano_range
from street.load import listing_texts

TEXTS: Final = 300
LISTINGS_A_PAGE: Final = 20
AT_A_TIME: Final = 5_000
PLATFORMS: Final = ("telegram", "market", "forum", "relay", "github")
SOURCES: Final = 40
SELLERS: Final = 5_000
NEWEST: Final = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Of a hundred alerts: how many are open, held, closed and asleep.
STATUSES: Final = ("open",) * 25 + ("claimed",) * 5 + ("closed",) * 65 + ("snoozed",) * 5
_MARK: Final = "N0M0E0R0"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A judged text that many listings say; `_MARK` stands wherever a listing's own number belongs."""

    finding: Finding
    outcome: PolicyOutcome
    language: str
    listing_json: str
    finding_json: str
    history_json: str
    document: Document
    title: str


@dataclass(frozen=True, slots=True)
class BulkStore:
    """How many there are, and a few names to ask for."""

    listings: int
    alerts: int
    alert_ids: tuple[str, ...]


def fill(
    database: Database, detector: Detector, rates: RateBook, policy: Policy, *, listings_wanted: int, seed: int
) -> BulkStore:
    """Write so many listings, a tenth of them with an alert, straight into an empty store, search index included."""
    patterns = list(_patterns(detector, rates, policy, seed))
    alerting = [one for one in patterns if one.outcome.alert]
    some: list[str] = []
    for start in range(0, listings_wanted, AT_A_TIME):
        numbers = range(start + 1, min(start + AT_A_TIME, listings_wanted) + 1)
        chosen = [_chosen(number, patterns, alerting) for number in numbers]
        with database.writing() as connection:
            some += _write(connection, numbers, chosen, listings_wanted)
    return BulkStore(listings_wanted, listings_wanted // 10, tuple(some))


def _chosen(number: int, patterns: Sequence[_Pattern], alerting: Sequence[_Pattern]) -> _Pattern:
    place = int.from_bytes(hashlib.blake2b(str(number).encode(), digest_size=4).digest())
    return alerting[place % len(alerting)] if number % 10 == 0 else patterns[place % len(patterns)]


def _patterns(detector: Detector, rates: RateBook, policy: Policy, seed: int) -> Iterator[_Pattern]:
    for number, text in enumerate(listing_texts(TEXTS, seed=seed)):
        listing = Listing(
            source="bench/source",
            external_id=_MARK,
            url=f"https://shop.example.test/item/{_MARK}",
            platform=PLATFORMS[number % len(PLATFORMS)],
            title=text.splitlines()[0][:60],
            text=text,
            observed_at=NEWEST,
            handles=(Handle("market", f"seller_{_MARK}", HandleRole.SELLER),),
        )
        finding = detector.assess(listing, rates)
        outcome = policy.decide(finding, listing)
        # The policy's own severities are few; a queue of many thousands has every one of them.
        outcome = replace(outcome, severity=list(Severity)[min(3, number % 9)])
        yield _Pattern(
            finding=finding,
            outcome=outcome,
            language=finding.language,
            listing_json=dump_listing(listing),
            finding_json=dump_finding(finding),
            history_json=dump_history(finding.history),
            document=document_of(0, listing, finding),
            title=listing.title,
        )


def _write(connection: Connection, numbers: range, chosen: Sequence[_Pattern], of: int) -> list[str]:
    """One part: its pages, listings, versions, findings, sightings, alerts and index; a few of the alerts' ids."""
    rows = [_Numbered(number, pattern, of) for number, pattern in zip(numbers, chosen, strict=True)]
    raised = [one for one in rows if one.number % 10 == 0]
    _insert(connection, snapshots, [one.snapshot() for one in rows if one.number % LISTINGS_A_PAGE == 1])
    _insert(connection, listings, [one.listing() for one in rows])
    _insert(connection, listing_versions, [one.version() for one in rows])
    _insert(connection, findings, [one.judged() for one in rows])
    _insert(connection, sightings, [one.sighting() for one in rows])
    _insert(connection, alerts, [one.alert() for one in raised])
    _insert(connection, alert_versions, [one.alert_version() for one in raised])
    index_for(connection).add(connection, [one.document() for one in rows])
    return [one.alert_id for one in raised[:: max(1, len(raised) // 3)]]


def _insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    nothing = dict.fromkeys(column.name for column in table.columns)
    insert_rows(connection, table, [{**nothing, **row} for row in rows])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class _Numbered:
    """One listing and everything that hangs on it; its number is also that of its version and its finding."""

    def __init__(self, number: int, pattern: _Pattern, of: int) -> None:
        self.number = number
        self.pattern = pattern
        self.at = NEWEST - timedelta(seconds=(of - number) * 20)
        self.source = f"bench/source-{number % SOURCES:02}"
        self.name = f"item-{number}"
        self.alert_id = alert_id(self.source, self.name)
        self.status = STATUSES[number // 10 % len(STATUSES)]
        self.content_hash = _digest(f"content {number}")
        self.url = f"https://shop.example.test/item/{self.name}"

    def snapshot(self) -> dict[str, Any]:
        """The page that this listing is the first of."""
        return {
            "id": self._page, "snapshot_key": _digest(f"page {self._page}")[:32], "source": self.source,
            "url_asked": self.url, "url_answered": self.url, "status": 200, "headers": "{}", "fetched_at": self.at,
            "transport": "plain", "sha256": _digest(f"body {self._page}"), "body_bytes": 20_000, "context": "{}",
            "capture": "{}", "state": "fresh", "reason": "", "problems": "[]", "listings": LISTINGS_A_PAGE,
            "recorded_at": self.at,
        }  # fmt: skip

    def listing(self) -> dict[str, Any]:
        """Its row of `listings`."""
        return {
            "id": self.number, "listing_key": listing_key(self.source, self.name), "source": self.source,
            "external_id": self.name, "platform": self._platform, "url": self.url, "first_seen_at": self.at,
            "last_seen_at": self.at, "gone_signs": 0, "versions": 1, "current_version_id": self.number,
            "current_content_hash": self.content_hash, "current_finding_id": self.number,
            "current_finding_digest": self.content_hash, "current_lowest_share": self._share,
        }  # fmt: skip

    def version(self) -> dict[str, Any]:
        """What it says."""
        seller = f"seller_{self.number % SELLERS}"
        said = self.pattern.listing_json.replace(f"seller_{_MARK}", seller).replace(_MARK, self.name)
        return {
            "id": self.number, "listing_id": self.number, "number": 1, "content_hash": self.content_hash,
            "first_seen_at": self.at, "platform": self._platform, "language": self.pattern.language,
            "product": product_of(self.pattern.finding), "listing_json": said.replace("bench/source", self.source),
        }  # fmt: skip

    def judged(self) -> dict[str, Any]:
        """What is concluded about it."""
        finding = self.pattern.finding
        return {
            "id": self.number, "version_id": self.number, "digest": self.content_hash, "judged_at": self.at,
            "probability": finding.probability, "verdict": finding.verdict.value, "lane": finding.lane.value,
            "authorisation": finding.authorisation.value, "product": product_of(finding), "lowest_share": self._share,
            "lowest_share_rank": None if self._share is None else to_nano_range(self._share),
            "exposure_high_usd": exposure_high_usd(finding), "rules_version": finding.rules_version,
            "rates_version": finding.rates_version, "overlay_version": finding.overlay_version,
            "finding_json": self.pattern.finding_json, "history_json": self.pattern.history_json,
        }  # fmt: skip

    def sighting(self) -> dict[str, Any]:
        """When it was seen."""
        return {
            "version_id": self.number, "snapshot_id": self._page, "observed_at": self.at, "reach": dump_reach(Reach()),
        }  # fmt: skip

    def alert(self) -> dict[str, Any]:
        """Its alert."""
        return {
            **self._said, **ranking_columns(self.pattern.finding, self._share, product_of(self.pattern.finding)),
            "alert_id": self.alert_id, "listing_id": self.number, "source": self.source, "external_id": self.name,
            "platform": self._platform, "version": 1, "status": self.status, "told_share": self._share,
            "opened_at": self.at, "updated_at": self.at, "last_seen_at": self.at, "repeats": 0,
        }  # fmt: skip

    def alert_version(self) -> dict[str, Any]:
        """What the alert said."""
        return {
            **self._said, "alert_id": self.alert_id, "version": 1, "version_id": self.number, "change": "opened",
            "headline_share": self._share, "raised_at": self.at,
        }  # fmt: skip

    def document(self) -> Document:
        """What search knows of it."""
        base = self.pattern.document
        body = (*base.body, "item", str(self.number), "seller", str(self.number % SELLERS))
        return replace(base, number=self.number, body=body)

    @property
    def _page(self) -> int:
        return (self.number - 1) // LISTINGS_A_PAGE + 1

    @property
    def _platform(self) -> str:
        return PLATFORMS[self.number % len(PLATFORMS)]

    @property
    def _share(self) -> Decimal | None:
        return self.pattern.finding.lowest_share

    @property
    def _said(self) -> dict[str, Any]:
        outcome = self.pattern.outcome
        return {
            "url": self.url, "title": self.pattern.title, "finding_id": self.number, "content_hash": self.content_hash,
            "severity": outcome.severity.value, "queue": outcome.queue, "rule": outcome.rule,
            "policy_version": outcome.policy_version,
        }  # fmt: skip
