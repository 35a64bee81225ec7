"""What was asked and what came back, and which bodies are kept."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, text

from storage.tables.base import metadata, row_id
from storage.types import Digest, HostileText, UtcTime

# `snapshot_key` says "the very same answer" (source, address, time, content), so that a repeated step adds no row.
snapshots = Table(
    "snapshots",
    metadata,
    row_id(),
    Column("snapshot_key", Digest, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("url_asked", HostileText, nullable=False),
    Column("url_answered", HostileText, nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Text, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
    Column("transport", Text, nullable=False),
    Column("sha256", Digest, nullable=False),
    Column("body_bytes", BigInteger, nullable=False),
    Column("context", Text, nullable=False),
    Column("capture", Text, nullable=False),
    Column("screenshot_sha256", Digest),
    Column("state", Text, nullable=False),
    Column("reason", HostileText, nullable=False),
    Column("problems", Text, nullable=False),
    Column("listings", Integer, nullable=False),
    Column("recorded_at", UtcTime, nullable=False),
    Column("salt", LargeBinary),
    Index(None, "source", "fetched_at"),
    Index(None, "sha256"),
    Index(
        "ix_snapshots_screenshot_sha256",
        "screenshot_sha256",
        sqlite_where=text("screenshot_sha256 IS NOT NULL"),
        postgresql_where=text("screenshot_sha256 IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

# One row for each distinct content whose bytes the evidence store keeps; the bytes themselves are files.
evidence_objects = Table(
    "evidence_objects",
    metadata,
    Column("sha256", Digest, primary_key=True),
    Column("body_bytes", BigInteger, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    Column("forgotten_at", UtcTime),
    sqlite_with_rowid=False,
)
