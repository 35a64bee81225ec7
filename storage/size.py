"""How much room the memory takes, and how much a million listings would."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select, text

from storage.database import Database
from storage.evidence import EvidenceStore
from storage.tables import evidence_objects, findings, listing_versions, listings, snapshots

MILLION: Final = 1_000_000
LEAST_TO_TELL: Final = 1000
LOOKED_BACK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Size:
    """Rows and bytes as they are; `new_a_day` are listings first seen a day, over the last week."""

    listings: int
    versions: int
    findings: int
    pages: int
    bodies: int
    database_bytes: int
    evidence_bytes: int
    new_a_day: float

    @property
    def database_bytes_a_million(self) -> int | None:
        """What the database takes for a million listings; None where there are too few to tell."""
        return self._a_million(self.database_bytes)

    @property
    def evidence_bytes_a_million(self) -> int | None:
        """What sealed bodies take for a million listings, as pages are kept now; None where there are too few."""
        return self._a_million(self.evidence_bytes)

    def days_until_full(self, free_bytes: int) -> float | None:
        """How long the free space lasts at last week's pace; None where that cannot be told."""
        if self.listings < LEAST_TO_TELL or not self.new_a_day:
            return None
        a_listing = (self.database_bytes + self.evidence_bytes) / self.listings
        return free_bytes / (a_listing * self.new_a_day)

    def _a_million(self, size: int) -> int | None:
        return None if self.listings < LEAST_TO_TELL else round(size / self.listings * MILLION)


def measure_size(database: Database, evidence: EvidenceStore, now: datetime) -> Size:
    """Count rows and add up files."""
    with database.reading() as connection:
        counts = [
            int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for table in (listings, listing_versions, findings, snapshots)
        ]
        bodies = connection.execute(
            select(func.count()).select_from(evidence_objects).where(evidence_objects.c.forgotten_at.is_(None))
        ).scalar_one()
        fresh = connection.execute(
            select(func.count()).select_from(listings).where(listings.c.first_seen_at >= now - LOOKED_BACK)
        ).scalar_one()
        taken = _database_bytes(database, connection)
    known, versions, concluded, pages = counts
    a_day = fresh / LOOKED_BACK.days
    return Size(known, versions, concluded, pages, int(bodies), taken, _folder_bytes(evidence.folder), a_day)


def _database_bytes(database: Database, connection: Connection) -> int:
    if not database.is_sqlite:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    # Without the write-ahead log: it is as large in a small store as in a large one.
    return Path(str(database.engine.url.database)).stat().st_size


def _folder_bytes(folder: Path) -> int:
    total = 0
    for inner in os.scandir(folder):
        if inner.is_dir(follow_symlinks=False):
            total += sum(one.stat(follow_symlinks=False).st_size for one in os.scandir(inner.path) if one.is_file())
    return total
