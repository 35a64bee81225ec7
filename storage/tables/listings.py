"""Listings, every version of them, when each was seen, and what was concluded."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from storage.tables.base import metadata, row_id
from storage.types import Digest, ExactDecimal, HostileText, NanoDecimal, RowId, UtcTime

# `listing_key` is a digest of source and external id: an external id may be longer than any index allows.
# The `current_...` columns spare the line a join for each listing; they point at rows that are never deleted before.
listings = Table(
    "listings",
    metadata,
    row_id(),
    Column("listing_key", Digest, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("external_id", HostileText, nullable=False),
    Column("platform", HostileText, nullable=False),
    Column("url", HostileText, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("gone_signs", Integer, nullable=False),
    Column("gone_at", UtcTime),
    Column("versions", Integer, nullable=False),
    Column("current_version_id", RowId, nullable=False),
    Column("current_content_hash", Digest, nullable=False),
    Column("current_finding_id", RowId, nullable=False),
    Column("current_finding_digest", Digest, nullable=False),
    Column("current_lowest_share", ExactDecimal),
    sqlite_autoincrement=True,
)

# A version is what the listing said: it is added once for each content hash and never changed.
listing_versions = Table(
    "listing_versions",
    metadata,
    row_id(),
    Column("listing_id", RowId, ForeignKey("listings.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_hash", Digest, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("platform", HostileText, nullable=False),
    Column("language", HostileText, nullable=False),
    Column("product", HostileText),
    Column("listing_json", Text, nullable=False),
    Column("salt", LargeBinary),
    UniqueConstraint("listing_id", "content_hash"),
    sqlite_autoincrement=True,
)

# One row for each time a version was seen; reach (stock, sales, views) belongs to the day, not to the version.
sightings = Table(
    "sightings",
    metadata,
    Column("version_id", RowId, ForeignKey("listing_versions.id"), primary_key=True, autoincrement=False),
    Column("snapshot_id", RowId, ForeignKey("snapshots.id"), primary_key=True, autoincrement=False),
    Column("observed_at", UtcTime, nullable=False),
    Column("reach", Text),
    Index(None, "snapshot_id"),
    sqlite_with_rowid=False,
)

# An explicit word of the place that a listing is gone. Two of them, with no sighting between, make it so.
gone_signs = Table(
    "gone_signs",
    metadata,
    Column("listing_id", RowId, ForeignKey("listings.id"), primary_key=True, autoincrement=False),
    Column("snapshot_id", RowId, ForeignKey("snapshots.id"), primary_key=True, autoincrement=False),
    Column("signed_at", UtcTime, nullable=False),
    Index(None, "snapshot_id"),
    sqlite_with_rowid=False,
)

# Appended whenever something else is concluded about a version; the newest row of a version is what holds.
# `digest` covers the conclusion without its history, so that judging the same again adds nothing.
findings = Table(
    "findings",
    metadata,
    row_id(),
    Column("version_id", RowId, ForeignKey("listing_versions.id"), nullable=False),
    Column("digest", Digest, nullable=False),
    Column("judged_at", UtcTime, nullable=False),
    Column("probability", Double, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("authorisation", Text, nullable=False),
    Column("product", HostileText),
    Column("lowest_share", ExactDecimal),
    Column("lowest_share_rank", NanoDecimal),
    Column("exposure_high_usd", NanoDecimal),
    Column("rules_version", Text, nullable=False),
    Column("rates_version", Text, nullable=False),
    Column("overlay_version", Text, nullable=False),
    Column("finding_json", Text, nullable=False),
    Column("history_json", Text, nullable=False),
    Column("salt", LargeBinary),
    Index(None, "version_id"),
    sqlite_autoincrement=True,
)
