"""The screenshots that were taken when a listing was seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.database import Database
from storage.identity import listing_key
from storage.tables import listing_versions, listings, sightings, snapshots


@dataclass(frozen=True, slots=True)
class Screenshot:
    """One screenshot: the name of its bytes among the evidence, when it was taken, and by which transport."""

    sha256: str
    taken_at: datetime
    transport: str


class ReviewPictures:
    """What reviewers may see of pages as pictures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, source: str, external_id: str) -> Screenshot | None:
        """The newest screenshot of a page that showed the listing, None where none was taken."""
        statement = (
            select(snapshots.c.screenshot_sha256, snapshots.c.fetched_at, snapshots.c.transport)
            .join(sightings, sightings.c.snapshot_id == snapshots.c.id)
            .join(listing_versions, listing_versions.c.id == sightings.c.version_id)
            .join(listings, listings.c.id == listing_versions.c.listing_id)
            .where(listings.c.listing_key == listing_key(source, external_id))
            .where(snapshots.c.screenshot_sha256.is_not(None))
            .order_by(snapshots.c.fetched_at.desc())
            .limit(1)
        )
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else Screenshot(row[0], row[1], row[2])
