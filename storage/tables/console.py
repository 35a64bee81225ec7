"""What the people who review are to the memory: accounts, sessions, what they did with alerts, and their cases."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from storage.tables.alerts import alerts
from storage.tables.base import metadata, row_id
from storage.types import Digest, HostileText, RowId, UtcTime

# `name_key` is the folded name, so that two people cannot be told apart by capitals alone. `roles` are words.
accounts = Table(
    "accounts",
    metadata,
    row_id(),
    Column("name", HostileText, nullable=False),
    Column("name_key", HostileText, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", HostileText, nullable=False),
    Column("last_login_at", UtcTime),
    Column("looked_at", UtcTime),
    sqlite_autoincrement=True,
)

# Only digests of tokens are kept: whoever reads the database cannot log in with what stands there.
console_sessions = Table(
    "console_sessions",
    metadata,
    Column("token_sha256", Digest, primary_key=True),
    Column("account_id", RowId, ForeignKey("accounts.id"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    Index(None, "account_id"),
    sqlite_with_rowid=False,
)

# One-time links with which a person chooses a password: the first one, and every invitation after it.
setup_links = Table(
    "setup_links",
    metadata,
    Column("token_sha256", Digest, primary_key=True),
    Column("roles", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", HostileText, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    sqlite_with_rowid=False,
)

login_attempts = Table(
    "login_attempts",
    metadata,
    row_id(),
    Column("name_key", Digest, nullable=False),
    Column("address_key", Digest, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index(None, "name_key", "at"),
    Index(None, "address_key", "at"),
    sqlite_autoincrement=True,
)

# What is being done with an alert now: who holds it, whether it waits for a second verdict or a lead, until when not.
review_work = Table(
    "review_work",
    metadata,
    Column("alert_id", Text, ForeignKey("alerts.alert_id"), primary_key=True),
    Column("holder", HostileText),
    Column("held_since", UtcTime),
    Column("needs", Text, nullable=False),
    Column("first_by", HostileText),
    Column("snoozed_until", UtcTime),
    Index("ix_review_work_needs", "needs"),
)

# Appended and never changed: everything a person did with an alert, verdicts and what became of them included.
review_events = Table(
    "review_events",
    metadata,
    row_id(),
    Column("alert_id", Text, ForeignKey("alerts.alert_id"), nullable=False),
    Column("alert_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", HostileText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("note", HostileText, nullable=False),
    Column("clause", HostileText, nullable=False),
    Column("decision_number", RowId),
    Column("batch", Text),
    Index(None, "alert_id"),
    Index(None, "batch"),
    sqlite_autoincrement=True,
)

saved_views = Table(
    "saved_views",
    metadata,
    row_id(),
    Column("owner", HostileText, nullable=False),
    Column("name", HostileText, nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("owner", "name"),
    sqlite_autoincrement=True,
)

cases = Table(
    "cases",
    metadata,
    row_id(),
    Column("title", HostileText, nullable=False),
    Column("status", Text, nullable=False),
    Column("assignee", HostileText),
    Column("opened_by", HostileText, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("outcome", Text),
    Column("closed_at", UtcTime),
    sqlite_autoincrement=True,
)

case_alerts = Table(
    "case_alerts",
    metadata,
    Column("case_id", RowId, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("alert_id", Text, ForeignKey("alerts.alert_id"), primary_key=True),
    Column("added_by", HostileText, nullable=False),
    Column("added_at", UtcTime, nullable=False),
    Index(None, "alert_id"),
)

# Notes, tasks, tickets elsewhere and changes of a case, in order; only a task's `done_...` is ever set later.
case_entries = Table(
    "case_entries",
    metadata,
    row_id(),
    Column("case_id", RowId, ForeignKey("cases.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", HostileText, nullable=False),
    Column("privileged", Boolean, nullable=False),
    Column("actor", HostileText, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("done_by", HostileText),
    Column("done_at", UtcTime),
    Index(None, "case_id"),
    sqlite_autoincrement=True,
)

# How many alerts are open and since when the oldest: asked on every page of the queue.
Index("ix_alerts_status_opened_at", alerts.c.status, alerts.c.opened_at)
