"""What a report rests on: the pages that showed a listing, and what a week's listings said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from domain.finding import Finding
from domain.listing import Listing
from storage.codec import load_finding, load_listing, load_strings
from storage.database import Database
from storage.identity import listing_key
from storage.tables import alerts, findings, listing_versions, listings, sightings, snapshots

_MOST_PAGES = 3


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page that showed a listing: the digest and size of its raw body, and how it was got."""

    sha256: str
    body_bytes: int
    screenshot_sha256: str | None
    fetched_at: datetime
    url: str
    transport: str
    media_type: str


@dataclass(frozen=True, slots=True)
class SeenListing:
    """A listing with an alert as it last was within a time: what it said, what was concluded, when it was seen."""

    alert_id: str
    listing: Listing
    finding: Finding
    seen_at: datetime


class ReportedListings:
    """What reports ask of the memory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pages(self, source: str, external_id: str) -> tuple[ShownPage, ...]:
        """The newest pages that showed a listing, each body once, newest first."""
        statement = (
            select(snapshots)
            .join(sightings, sightings.c.snapshot_id == snapshots.c.id)
            .join(listing_versions, listing_versions.c.id == sightings.c.version_id)
            .join(listings, listings.c.id == listing_versions.c.listing_id)
            .where(listings.c.listing_key == listing_key(source, external_id))
            .order_by(snapshots.c.fetched_at.desc())
            .limit(_MOST_PAGES * 4)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        found: dict[str, ShownPage] = {}
        for row in rows:
            headers = {name.lower(): value for name, value in load_strings(row.headers).items()}
            media = headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
            found.setdefault(
                row.sha256,
                ShownPage(row.sha256, row.body_bytes, row.screenshot_sha256, row.fetched_at, row.url_answered,
                          row.transport, media),
            )  # fmt: skip
        return tuple(found.values())[:_MOST_PAGES]

    def seen_between(self, since: datetime, until: datetime) -> Iterator[SeenListing]:
        """Every listing with an alert that was seen in [since, until), as it last was then, in order of alert."""
        last = (
            select(listing_versions.c.listing_id, func.max(sightings.c.observed_at).label("seen_at"))
            .join(sightings, sightings.c.version_id == listing_versions.c.id)
            .where(sightings.c.observed_at >= since, sightings.c.observed_at < until)
            .group_by(listing_versions.c.listing_id)
            .subquery()
        )
        statement = (
            select(alerts.c.alert_id, last.c.seen_at, listing_versions.c.listing_json)
            .add_columns(findings.c.finding_json, findings.c.history_json)
            .join(last, last.c.listing_id == alerts.c.listing_id)
            .join(listing_versions, listing_versions.c.listing_id == alerts.c.listing_id)
            .join(
                sightings,
                (sightings.c.version_id == listing_versions.c.id) & (sightings.c.observed_at == last.c.seen_at),
            )
            .join(findings, findings.c.version_id == listing_versions.c.id)
            .order_by(alerts.c.alert_id, findings.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        newest = {row.alert_id: row for row in rows}
        for row in newest.values():
            yield SeenListing(
                row.alert_id, load_listing(row.listing_json), load_finding(row.finding_json, row.history_json),
                row.seen_at,
            )  # fmt: skip
