"""Everything that holds now of every listing, one after the other, whatever their number."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import select

from domain.finding import Finding
from domain.listing import Listing
from storage.codec import load_finding, load_listing
from storage.database import Database
from storage.tables import findings, listing_versions, listings

AT_A_TIME: Final = 500
_NEWEST = (
    select(listings.c.id, listing_versions.c.listing_json, findings.c.finding_json, findings.c.history_json)
    .join(listing_versions, listing_versions.c.id == listings.c.current_version_id)
    .join(findings, findings.c.id == listings.c.current_finding_id)
    .order_by(listings.c.id)
    .limit(AT_A_TIME)
)


def newest_findings(database: Database, since: datetime | None = None) -> Iterator[tuple[Finding, Listing]]:
    """The newest finding of each listing with what it was made of; only listings last seen at or after `since`.

    Read in short transactions, so that a crawl may write meanwhile; a listing that comes in then may be in it or not.
    """
    wanted = _NEWEST if since is None else _NEWEST.where(listings.c.last_seen_at >= since)
    after = 0
    while True:
        with database.reading() as connection:
            rows = connection.execute(wanted.where(listings.c.id > after)).all()
        for row in rows:
            yield load_finding(row.finding_json, row.history_json), load_listing(row.listing_json)
        if len(rows) < AT_A_TIME:
            return
        after = rows[-1].id
