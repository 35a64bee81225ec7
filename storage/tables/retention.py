"""What must not be forgotten for now, on whose word."""

from sqlalchemy import Column, Table, Text

from storage.tables.base import metadata, row_id
from storage.types import HostileText, UtcTime

# `subject` is an alert's id or a source's name; a lifted or expired hold holds nothing.
legal_holds = Table(
    "legal_holds",
    metadata,
    row_id(),
    Column("subject_kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("authority", HostileText, nullable=False),
    Column("reason", HostileText, nullable=False),
    Column("placed_by", HostileText, nullable=False),
    Column("confirmed_by", HostileText, nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("lifted_at", UtcTime),
    sqlite_autoincrement=True,
)
