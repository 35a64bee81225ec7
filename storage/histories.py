"""What the memory knows of listings before they are judged, and how each of them went over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from domain.finding import Finding, History
from domain.listing import Listing, Reach
from storage.codec import load_finding, load_listing, load_reach
from storage.database import Database
from storage.identity import listing_key
from storage.placing import known_listings
from storage.tables import findings, gone_signs, listing_versions, listings, sightings


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """One version of a listing: its number, when it was first seen, what it said, and what is concluded of it now."""

    number: int
    first_seen_at: datetime
    listing: Listing
    finding: Finding


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What was concluded of a version, and when."""

    version: int
    at: datetime
    finding: Finding


@dataclass(frozen=True, slots=True)
class Sighting:
    """One time that a version was seen, with its reach on that day."""

    version: int
    observed_at: datetime
    reach: Reach


@dataclass(frozen=True, slots=True)
class ListingState:
    """Where a listing stands: from when until when it was seen, and since when it is gone (None while it is not)."""

    first_seen_at: datetime
    last_seen_at: datetime
    versions: int
    gone_signs: int
    gone_at: datetime | None
    lowest_share: Decimal | None


class Histories:
    """The past of listings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, source: str, external_ids: Sequence[str]) -> dict[str, History]:
        """What was known of these listings of a source, by external id; those never seen are absent."""
        keys = {listing_key(source, external_id): external_id for external_id in external_ids}
        if not keys:
            return {}
        with self._database.reading() as connection:
            known = known_listings(connection, keys)
        return {
            keys[key]: History(one.first_seen_at, one.versions, one.current_lowest_share) for key, one in known.items()
        }

    def state(self, source: str, external_id: str) -> ListingState | None:
        """Where a listing stands, None for one that was never seen."""
        key = listing_key(source, external_id)
        with self._database.reading() as connection:
            known = known_listings(connection, [key]).get(key)
        if known is None:
            return None
        return ListingState(
            first_seen_at=known.first_seen_at,
            last_seen_at=known.last_seen_at,
            versions=known.versions,
            gone_signs=known.gone_signs,
            gone_at=known.gone_at,
            lowest_share=known.current_lowest_share,
        )

    def versions(self, source: str, external_id: str) -> tuple[KeptVersion, ...]:
        """Every version of a listing in order, each with its newest finding."""
        statement = (
            select(listing_versions.c.number, listing_versions.c.first_seen_at, listing_versions.c.listing_json)
            .add_columns(findings.c.finding_json, findings.c.history_json)
            .join(listings, listings.c.id == listing_versions.c.listing_id)
            .join(findings, findings.c.version_id == listing_versions.c.id)
            .where(listings.c.listing_key == listing_key(source, external_id))
            .order_by(listing_versions.c.number, findings.c.id)
        )
        newest: dict[int, KeptVersion] = {}
        with self._database.reading() as connection:
            for number, first_seen_at, listing, finding, history in connection.execute(statement):
                newest[number] = KeptVersion(
                    number, first_seen_at, load_listing(listing), load_finding(finding, history)
                )
        return tuple(newest.values())

    def conclusions(self, source: str, external_id: str) -> tuple[Conclusion, ...]:
        """Everything that was ever concluded of a listing, in the order in which it was."""
        statement = (
            select(listing_versions.c.number, findings.c.judged_at, findings.c.finding_json, findings.c.history_json)
            .join(listings, listings.c.id == listing_versions.c.listing_id)
            .join(findings, findings.c.version_id == listing_versions.c.id)
            .where(listings.c.listing_key == listing_key(source, external_id))
            .order_by(findings.c.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        return tuple(Conclusion(row.number, row.judged_at, load_finding(row[2], row[3])) for row in rows)

    def pages(self, source: str, external_id: str) -> tuple[int, ...]:
        """The numbers of the snapshots that showed a listing, in order."""
        statement = (
            select(sightings.c.snapshot_id)
            .join(listing_versions, listing_versions.c.id == sightings.c.version_id)
            .join(listings, listings.c.id == listing_versions.c.listing_id)
            .where(listings.c.listing_key == listing_key(source, external_id))
            .distinct()
            .order_by(sightings.c.snapshot_id)
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(statement).scalars())

    def gone_signs(self, source: str, external_id: str) -> tuple[datetime, ...]:
        """Every time its place said in so many words that a listing is gone, in order."""
        statement = (
            select(gone_signs.c.signed_at)
            .join(listings, listings.c.id == gone_signs.c.listing_id)
            .where(listings.c.listing_key == listing_key(source, external_id))
            .order_by(gone_signs.c.signed_at)
        )
        with self._database.reading() as connection:
            return tuple(connection.execute(statement).scalars())

    def sightings(self, source: str, external_id: str) -> tuple[Sighting, ...]:
        """Every time a listing was seen, in order of time."""
        statement = (
            select(listing_versions.c.number, sightings.c.observed_at, sightings.c.reach)
            .join(listing_versions, listing_versions.c.id == sightings.c.version_id)
            .join(listings, listings.c.id == listing_versions.c.listing_id)
            .where(listings.c.listing_key == listing_key(source, external_id))
            .order_by(sightings.c.observed_at, sightings.c.snapshot_id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        return tuple(Sighting(version, observed_at, load_reach(reach)) for version, observed_at, reach in rows)
