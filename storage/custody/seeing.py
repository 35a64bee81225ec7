"""When things were seen: the sightings of one page, and what it said was gone, committed to together.

    commitment = SHA-256(salt of the page's row || canonical JSON {gone: [[listing, at]], seen: [[version, at, reach]]})

One commitment a page is enough, and costs a hundred bytes instead of one row's worth for each listing. The newest
commitment of a page holds: reading the same bytes again may find more on it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from storage.tables import gone_signs, sightings, snapshots

SEEN: Final = "seen"
"""The kind that a page's sightings have in a manifest; their name is the page's number."""


@dataclass(slots=True)
class Seen:
    """What stands in the memory as seen on one page."""

    versions: dict[int, tuple[datetime, str | None]] = field(default_factory=dict)
    gone: dict[int, datetime] = field(default_factory=dict)


def commit_seen(seen: Seen, salt: bytes) -> str:
    """The commitment to what was seen on a page, hexadecimal."""
    plain = {
        "seen": [[number, _moment(at), reach] for number, (at, reach) in sorted(seen.versions.items())],
        "gone": [[number, _moment(at)] for number, at in sorted(seen.gone.items())],
    }
    return hashlib.sha256(salt + orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def seen_item(connection: Connection, snapshot_id: int) -> tuple[str, str, str] | None:
    """What a manifest says of a page's sightings as they stand now; None for a page whose salt was erased."""
    salt = connection.execute(select(snapshots.c.salt).where(snapshots.c.id == snapshot_id)).scalar()
    if salt is None:
        return None
    return SEEN, str(snapshot_id), commit_seen(seen_on(connection, [snapshot_id])[snapshot_id], salt)


def seen_on(connection: Connection, pages: Sequence[int]) -> dict[int, Seen]:
    """What stands in the memory as seen on these pages."""
    found = {page: Seen() for page in pages}
    for row in connection.execute(select(sightings).where(sightings.c.snapshot_id.in_(pages))):
        found[row.snapshot_id].versions[row.version_id] = (row.observed_at, row.reach)
    for row in connection.execute(select(gone_signs).where(gone_signs.c.snapshot_id.in_(pages))):
        found[row.snapshot_id].gone[row.listing_id] = row.signed_at
    return found


def new_seen(seen_rows: Iterable[Mapping[str, Any]], gone_rows: Iterable[Mapping[str, Any]]) -> Seen:
    """What was seen on a page out of the rows that were just written for it."""
    return Seen(
        {row["version_id"]: (row["observed_at"], row["reach"]) for row in seen_rows},
        {row["listing_id"]: row["signed_at"] for row in gone_rows},
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
