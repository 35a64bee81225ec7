"""Alerts and their versions, the notices that tell people, every attempt to do so, and what people decided."""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import metadata, row_id
from storage.types import Digest, ExactDecimal, HostileText, NanoDecimal, RowId, UtcTime

# The newest version of each alert, with the columns that rank it. `exposure_order` and `probability_order` rise where
# the value falls (and unknown exposure comes last), so that the ranking is one ascending index on both databases.
# `share_order` is the lowest share in billionths, and the largest number where it is unknown.
# `content_hash` and `told_share` are what people were last told: the version, and the lowest share there has been.
_RANKING = ("lane_rank", "exposure_order", "probability_order", "alert_id")
# Everything that the queue is filtered, counted and ordered by, in one index: a filter that few alerts pass reads that
# index from end to end and no row of the table.
_QUEUE = (
    "status", "severity", "lane", "platform", "queue", "product", "language", "source", "share_order", "updated_at",
    "opened_at",
)  # fmt: skip
alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("listing_id", RowId, ForeignKey("listings.id"), nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("external_id", HostileText, nullable=False),
    Column("platform", HostileText, nullable=False),
    Column("url", HostileText, nullable=False),
    Column("title", HostileText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("finding_id", RowId, ForeignKey("findings.id"), nullable=False),
    Column("content_hash", Digest, nullable=False),
    Column("severity", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("product", HostileText),
    Column("lane_rank", Integer, nullable=False),
    Column("exposure_order", BigInteger, nullable=False),
    Column("probability_order", Double, nullable=False),
    Column("exposure_high_usd", NanoDecimal),
    Column("probability", Double, nullable=False),
    Column("headline_share", ExactDecimal),
    Column("share_order", BigInteger, nullable=False),
    Column("language", HostileText, nullable=False),
    Column("told_share", ExactDecimal),
    Column("opened_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("repeats", Integer, nullable=False),
    Index("ix_alerts_ranking", *_RANKING),
    Index("ix_alerts_status_ranking", "status", *_RANKING),
    Index("ix_alerts_source_ranking", "source", *_RANKING),
    Index("ix_alerts_product_ranking", "product", *_RANKING),
    Index("ix_alerts_queue", *_RANKING, *_QUEUE),
    Index("ix_alerts_updated_at", "updated_at", "alert_id"),
    Index("ix_alerts_opened_at", "opened_at", "alert_id"),
    Index("ix_alerts_share_order", "share_order", "alert_id"),
    Index("ix_alerts_exposure_order", "exposure_order", "alert_id"),
)

# What each version of an alert said, and why it was raised: a notice tells its own version, not the newest.
alert_versions = Table(
    "alert_versions",
    metadata,
    Column("alert_id", Text, ForeignKey("alerts.alert_id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("version_id", RowId, ForeignKey("listing_versions.id"), nullable=False),
    Column("finding_id", RowId, ForeignKey("findings.id"), nullable=False),
    Column("content_hash", Digest, nullable=False),
    Column("url", HostileText, nullable=False),
    Column("title", HostileText, nullable=False),
    Column("severity", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("headline_share", ExactDecimal),
    Column("raised_at", UtcTime, nullable=False),
    Column("salt", LargeBinary),
)

# A notice for each alert version and channel. `urgency` is the severity's rank, so that a storm never delays the
# gravest. `due_at` is when it may next be tried and, while it is being delivered, when the claim on it expires.
outbox = Table(
    "outbox",
    metadata,
    Column("notice_id", Text, primary_key=True),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("alert_id", Text, nullable=False),
    Column("alert_version", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("resends", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("first_attempt_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("detail", HostileText, nullable=False),
    ForeignKeyConstraint(["alert_id", "alert_version"], ["alert_versions.alert_id", "alert_versions.version"]),
    UniqueConstraint("alert_id", "channel", "alert_version"),
    Index(
        "ix_outbox_unsettled",
        "urgency",
        "created_at",
        "due_at",
        sqlite_where=text("state in ('pending', 'retry', 'delivering')"),
        postgresql_where=text("state in ('pending', 'retry', 'delivering')"),
    ),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    row_id(),
    Column("notice_id", Text, ForeignKey("outbox.notice_id"), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", HostileText, nullable=False),
    Index(None, "notice_id"),
    sqlite_autoincrement=True,
)

# What each channel said lately, for its hourly budget; rows of the day before yesterday are let go.
channel_messages = Table(
    "channel_messages",
    metadata,
    row_id(),
    Column("channel", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("said_at", UtcTime, nullable=False),
    Index(None, "channel", "said_at"),
    sqlite_autoincrement=True,
)

# Appended and never changed: a later decision stands beside an earlier one.
decisions = Table(
    "decisions",
    metadata,
    row_id(),
    Column("alert_id", Text, nullable=False),
    Column("alert_version", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason_code", Text, nullable=False),
    Column("note", HostileText, nullable=False),
    Column("analyst", HostileText, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    Column("salt", LargeBinary),
    ForeignKeyConstraint(["alert_id", "alert_version"], ["alert_versions.alert_id", "alert_versions.version"]),
    Index(None, "alert_id"),
    sqlite_autoincrement=True,
)
