"""Where the listings of a page go in the memory: known or new, which version, which finding. Nothing is written."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, bindparam, select

from storage.codec import dump_finding
from storage.identity import listing_key
from storage.numbering import take_numbers
from storage.ranking import product_of
from storage.records import AssessedListing
from storage.tables import findings, listing_versions, listings, suppressed_listings


@dataclass(frozen=True, slots=True)
class KnownListing:
    """What is remembered of a listing: one row of `listings`, by its columns' names."""

    id: int
    external_id: str
    platform: str
    url: str
    first_seen_at: datetime
    last_seen_at: datetime
    gone_signs: int
    gone_at: datetime | None
    versions: int
    current_version_id: int
    current_content_hash: str
    current_finding_id: int
    current_finding_digest: str
    current_lowest_share: Decimal | None


# Made once: SQLAlchemy takes longer to make a statement than SQLite to answer it.
_KNOWN = select(listings.c.listing_key, *(listings.c[name] for name in KnownListing.__slots__)).where(
    listings.c.listing_key.in_(bindparam("keys", expanding=True))
)

_SUPPRESSED = select(suppressed_listings.c.listing_key).where(
    suppressed_listings.c.listing_key.in_(bindparam("keys", expanding=True))
)
# In the order in which things were concluded: the last row of a version is what holds.
_RECALLED = (
    select(listing_versions.c.listing_id, listing_versions.c.content_hash, findings.c.version_id, findings.c.id)
    .add_columns(findings.c.digest)
    .join(listing_versions, listing_versions.c.id == findings.c.version_id)
    .where(listing_versions.c.listing_id.in_(bindparam("listings", expanding=True)))
    .where(listing_versions.c.content_hash.in_(bindparam("hashes", expanding=True)))
    .order_by(findings.c.id)
)


@dataclass(slots=True)
class Placement:
    """One assessed listing with the rows it belongs to; `new_...` says that the row is still to be written."""

    assessed: AssessedListing
    key: str
    content_hash: str
    finding_json: str
    finding_digest: str
    lowest_share: Decimal | None
    product: str | None
    known: KnownListing | None
    listing_id: int = 0
    version_id: int = 0
    finding_id: int = 0
    new_version: bool = True
    new_finding: bool = True

    @property
    def late(self) -> bool:
        """Was this seen before what is remembered already (a saved page, imported afterwards)?"""
        return self.known is not None and self.assessed.listing.observed_at < self.known.last_seen_at

    @property
    def versions(self) -> int:
        """How many versions the listing has with this one."""
        return (self.known.versions if self.known else 0) + self.new_version


def known_listings(connection: Connection, keys: Iterable[str]) -> dict[str, KnownListing]:
    """The remembered listings among these keys."""
    rows = connection.execute(_KNOWN, {"keys": list(keys)}).all()
    return {row[0]: KnownListing(*row[1:]) for row in rows}


def place(connection: Connection, assessed: Sequence[AssessedListing]) -> list[Placement]:
    """Every listing of a page with the numbers of its rows; of one that stands there twice, the later holds.

    Listings that were erased on request are passed over.
    """
    by_key = {listing_key(one.listing.source, one.listing.external_id): one for one in assessed}
    if not by_key:
        return []
    for key in connection.execute(_SUPPRESSED, {"keys": list(by_key)}).scalars():
        del by_key[key]
    known = known_listings(connection, by_key)
    placements = [_placement(one, key, known.get(key)) for key, one in by_key.items()]
    _recall_versions(connection, placements)
    _number(connection, placements)
    return placements


def _placement(assessed: AssessedListing, key: str, known: KnownListing | None) -> Placement:
    finding_json = dump_finding(assessed.finding)
    digest = hashlib.sha256(finding_json.encode()).hexdigest()
    finding = assessed.finding
    placement = Placement(
        assessed,
        key,
        assessed.listing.content_hash,
        finding_json,
        digest,
        finding.lowest_share,
        product_of(finding),
        known,
    )
    if known is not None:
        placement.listing_id = known.id
        if placement.content_hash == known.current_content_hash:
            _belong(placement, known.current_version_id, known.current_finding_id, known.current_finding_digest)
    return placement


def _belong(placement: Placement, version_id: int, finding_id: int, finding_digest: str) -> None:
    placement.version_id = version_id
    placement.new_version = False
    if placement.finding_digest == finding_digest:
        placement.finding_id = finding_id
        placement.new_finding = False


def _recall_versions(connection: Connection, placements: Sequence[Placement]) -> None:
    # A listing may go back to what it said before: that is the earlier version seen again, not a new one.
    changed = {(one.listing_id, one.content_hash): one for one in placements if one.known and one.new_version}
    if not changed:
        return
    wanted = {"listings": [listing_id for listing_id, _ in changed], "hashes": [digest for _, digest in changed]}
    for listing_id, content_hash, version_id, finding_id, digest in connection.execute(_RECALLED, wanted).all():
        if placement := changed.get((listing_id, content_hash)):
            placement.new_finding = True
            _belong(placement, version_id, finding_id, digest)


def _number(connection: Connection, placements: Sequence[Placement]) -> None:
    new_listings = [one for one in placements if one.known is None]
    new_versions = [one for one in placements if one.new_version]
    new_findings = [one for one in placements if one.new_finding]
    numbers = take_numbers(
        connection,
        {"listings": len(new_listings), "listing_versions": len(new_versions), "findings": len(new_findings)},
    )
    for one, number in zip(new_listings, numbers["listings"], strict=True):
        one.listing_id = number
    for one, number in zip(new_versions, numbers["listing_versions"], strict=True):
        one.version_id = number
    for one, number in zip(new_findings, numbers["findings"], strict=True):
        one.finding_id = number
