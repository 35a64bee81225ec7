"""Raise alerts, tell people through the outbox, and keep what they decide."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("listing_id", types.RowId, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", types.HostileText(), nullable=False),
        sa.Column("platform", types.HostileText(), nullable=False),
        sa.Column("url", types.HostileText(), nullable=False),
        sa.Column("title", types.HostileText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("finding_id", types.RowId, nullable=False),
        sa.Column("content_hash", types.Digest(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("product", types.HostileText(), nullable=True),
        sa.Column("lane_rank", sa.Integer(), nullable=False),
        sa.Column("exposure_order", sa.BigInteger(), nullable=False),
        sa.Column("probability_order", sa.Double(), nullable=False),
        sa.Column("exposure_high_usd", types.NanoDecimal(), nullable=True),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("headline_share", types.ExactDecimal(), nullable=True),
        sa.Column("told_share", types.ExactDecimal(), nullable=True),
        sa.Column("opened_at", types.UtcTime(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcTime(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_alerts_finding_id"),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_alerts_listing_id"),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alerts"),
        sa.UniqueConstraint("listing_id", name="uq_alerts_listing_id"),
    )
    op.create_index(
        "ix_alerts_product_ranking",
        "alerts",
        ["product", "lane_rank", "exposure_order", "probability_order", "alert_id"],
        unique=False,
    )
    op.create_index(
        "ix_alerts_ranking", "alerts", ["lane_rank", "exposure_order", "probability_order", "alert_id"], unique=False
    )
    op.create_index(
        "ix_alerts_source_ranking",
        "alerts",
        ["source", "lane_rank", "exposure_order", "probability_order", "alert_id"],
        unique=False,
    )
    op.create_index(
        "ix_alerts_status_ranking",
        "alerts",
        ["status", "lane_rank", "exposure_order", "probability_order", "alert_id"],
        unique=False,
    )
    op.create_table(
        "alert_versions",
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version_id", types.RowId, nullable=False),
        sa.Column("finding_id", types.RowId, nullable=False),
        sa.Column("content_hash", types.Digest(), nullable=False),
        sa.Column("url", types.HostileText(), nullable=False),
        sa.Column("title", types.HostileText(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("headline_share", types.ExactDecimal(), nullable=True),
        sa.Column("raised_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_alert_versions_alert_id"),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_alert_versions_finding_id"),
        sa.ForeignKeyConstraint(["version_id"], ["listing_versions.id"], name="fk_alert_versions_version_id"),
        sa.PrimaryKeyConstraint("alert_id", "version", name="pk_alert_versions"),
    )
    op.create_table(
        "outbox",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("alert_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("resends", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("due_at", types.UtcTime(), nullable=False),
        sa.Column("first_attempt_at", types.UtcTime(), nullable=True),
        sa.Column("settled_at", types.UtcTime(), nullable=True),
        sa.Column("detail", types.HostileText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id", "alert_version"],
            ["alert_versions.alert_id", "alert_versions.version"],
            name="fk_outbox_alert_id_alert_version",
        ),
        sa.PrimaryKeyConstraint("notice_id", name="pk_outbox"),
        sa.UniqueConstraint("alert_id", "channel", "alert_version", name="uq_outbox_alert_id_channel_alert_version"),
        sa.UniqueConstraint("idempotency_key", name="uq_outbox_idempotency_key"),
    )
    op.create_index(
        "ix_outbox_unsettled",
        "outbox",
        ["urgency", "due_at"],
        unique=False,
        sqlite_where=sa.text("state in ('pending', 'retry', 'delivering')"),
        postgresql_where=sa.text("state in ('pending', 'retry', 'delivering')"),
    )
    op.create_table(
        "delivery_attempts",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", types.HostileText(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["outbox.notice_id"], name="fk_delivery_attempts_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery_attempts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_delivery_attempts_notice_id", "delivery_attempts", ["notice_id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("alert_version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("note", types.HostileText(), nullable=False),
        sa.Column("analyst", types.HostileText(), nullable=False),
        sa.Column("decided_at", types.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id", "alert_version"],
            ["alert_versions.alert_id", "alert_versions.version"],
            name="fk_decisions_alert_id_alert_version",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_alert_id", "decisions", ["alert_id"], unique=False)


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("decisions")
    op.drop_table("delivery_attempts")
    op.drop_table("outbox")
    op.drop_table("alert_versions")
    op.drop_table("alerts")
