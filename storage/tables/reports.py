"""Reports to providers and platforms: what was asked for, exactly what would be sent, every step, and later looks."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from storage.tables.base import metadata, row_id
from storage.types import Digest, HostileText, UtcTime

# `subject` is what it is about in the house (`case:7`, `alert:<id>`, `key:<digest>`), `case_id` how recipients know it.
# `wish` is a JSON object: everything a person chose for it, so that it can be rendered again.
reports = Table(
    "reports",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("submission", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("wish", HostileText, nullable=False),
    Column("content_sha256", Digest),
    Column("prepared_by", HostileText, nullable=False),
    Column("prepared_role", Text, nullable=False),
    Column("prepared_at", UtcTime, nullable=False),
    Column("handed_over_at", UtcTime),
    Column("reference", HostileText, nullable=False),
    Column("corrects", Text),
    Column("correction", HostileText),
    Index(None, "subject"),
    Index("ix_reports_state", "state", "prepared_at"),
)

# Appended and never changed.
report_steps = Table(
    "report_steps",
    metadata,
    row_id(),
    Column("report_id", Text, ForeignKey("reports.report_id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", HostileText, nullable=False),
    Column("role", Text, nullable=False),
    Column("note", HostileText, nullable=False),
    Column("content_sha256", Digest),
    Index(None, "report_id"),
    sqlite_autoincrement=True,
)

# Exactly what is put to review and sent, byte for byte.
report_files = Table(
    "report_files",
    metadata,
    Column("report_id", Text, ForeignKey("reports.report_id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# The listings that a report names, so that a reversed decision and a later look find it; they outlive no erasure.
report_places = Table(
    "report_places",
    metadata,
    Column("report_id", Text, ForeignKey("reports.report_id"), primary_key=True),
    Column("alert_id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("external_id", HostileText, nullable=False),
    Index(None, "alert_id"),
)

# What a later look at the place found: one row for each day on which a look was due.
report_looks = Table(
    "report_looks",
    metadata,
    row_id(),
    Column("report_id", Text, ForeignKey("reports.report_id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("found", Text, nullable=False),
    Column("note", HostileText, nullable=False),
    Index(None, "report_id"),
    sqlite_autoincrement=True,
)

# What those concerned answered; it goes into every later report about the same matter.
report_replies = Table(
    "report_replies",
    metadata,
    row_id(),
    Column("subject", Text, nullable=False),
    Column("text", HostileText, nullable=False),
    Column("actor", HostileText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "subject"),
    sqlite_autoincrement=True,
)
