"""What people add and decide about the installation: overlays, leads, and who may schedule."""

from sqlalchemy import Boolean, Column, Integer, Table, Text, UniqueConstraint

from storage.tables.base import metadata, row_id
from storage.types import Digest, HostileText, UtcTime

# Appended and never changed: the highest version of a kind and name holds, and a retired one holds nothing.
overlay_entries = Table(
    "overlay_entries",
    metadata,
    row_id(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", HostileText, nullable=False),
    Column("sha256", Digest, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("author", HostileText, nullable=False),
    Column("note", HostileText, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    UniqueConstraint("kind", "name", "version"),
    sqlite_autoincrement=True,
)

leads = Table(
    "leads",
    metadata,
    row_id(),
    Column("url_key", Digest, nullable=False, unique=True),
    Column("url", HostileText, nullable=False),
    Column("reason", HostileText, nullable=False),
    Column("found_on", HostileText, nullable=False),
    Column("family", Text),
    Column("status", Text, nullable=False),
    Column("found_at", UtcTime, nullable=False),
    Column("last_found_at", UtcTime, nullable=False),
    Column("times_found", Integer, nullable=False),
    Column("decided_by", HostileText),
    Column("decided_at", UtcTime),
    Column("note", HostileText, nullable=False),
    sqlite_autoincrement=True,
)

scheduler_locks = Table(
    "scheduler_locks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("process_id", Integer, nullable=False),
    Column("process_started", Text, nullable=False),
    Column("acquired_at", UtcTime, nullable=False),
    Column("heartbeat_at", UtcTime, nullable=False),
)
