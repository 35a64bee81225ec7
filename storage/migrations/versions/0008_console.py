"""Remember who reviews, their sessions, what they did with alerts, and their cases."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    _make_accounts()
    _make_reviews()
    op.create_index("ix_alerts_status_opened_at", "alerts", ["status", "opened_at"])


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("name", types.HostileText(), nullable=False),
        sa.Column("name_key", types.HostileText(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("created_by", types.HostileText(), nullable=False),
        sa.Column("last_login_at", types.UtcTime(), nullable=True),
        sa.Column("looked_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("name_key", name="uq_accounts_name_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "console_sessions",
        sa.Column("token_sha256", types.Digest(), nullable=False),
        sa.Column("account_id", types.RowId, nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("seen_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_console_sessions"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_console_sessions_account_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_console_sessions_account_id", "console_sessions", ["account_id"])
    op.create_table(
        "setup_links",
        sa.Column("token_sha256", types.Digest(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.Column("created_by", types.HostileText(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("used_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_setup_links"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "login_attempts",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("name_key", types.Digest(), nullable=False),
        sa.Column("address_key", types.Digest(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_login_attempts_name_key_at", "login_attempts", ["name_key", "at"])
    op.create_index("ix_login_attempts_address_key_at", "login_attempts", ["address_key", "at"])


def _make_reviews() -> None:
    op.create_table(
        "review_work",
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("holder", types.HostileText(), nullable=True),
        sa.Column("held_since", types.UtcTime(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("first_by", types.HostileText(), nullable=True),
        sa.Column("snoozed_until", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("alert_id", name="pk_review_work"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_review_work_alert_id"),
    )
    op.create_index("ix_review_work_needs", "review_work", ["needs"])
    op.create_table(
        "review_events",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("alert_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", types.HostileText(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("note", types.HostileText(), nullable=False),
        sa.Column("clause", types.HostileText(), nullable=False),
        sa.Column("decision_number", types.RowId, nullable=True),
        sa.Column("batch", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_review_events"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_review_events_alert_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_review_events_alert_id", "review_events", ["alert_id"])
    op.create_index("ix_review_events_batch", "review_events", ["batch"])
    op.create_table(
        "saved_views",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("owner", types.HostileText(), nullable=False),
        sa.Column("name", types.HostileText(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.UniqueConstraint("owner", "name", name="uq_saved_views_owner_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cases",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("title", types.HostileText(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("assignee", types.HostileText(), nullable=True),
        sa.Column("opened_by", types.HostileText(), nullable=False),
        sa.Column("opened_at", types.UtcTime(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "case_alerts",
        sa.Column("case_id", types.RowId, autoincrement=False, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("added_by", types.HostileText(), nullable=False),
        sa.Column("added_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "alert_id", name="pk_case_alerts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_alerts_case_id"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"], name="fk_case_alerts_alert_id"),
    )
    op.create_index("ix_case_alerts_alert_id", "case_alerts", ["alert_id"])
    op.create_table(
        "case_entries",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("case_id", types.RowId, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", types.HostileText(), nullable=False),
        sa.Column("privileged", sa.Boolean(), nullable=False),
        sa.Column("actor", types.HostileText(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("done_by", types.HostileText(), nullable=True),
        sa.Column("done_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_case_entries"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_entries_case_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_entries_case_id", "case_entries", ["case_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_alerts_status_opened_at", "alerts")
    op.drop_table("case_entries")
    op.drop_table("case_alerts")
    op.drop_table("cases")
    op.drop_table("saved_views")
    op.drop_table("review_events")
    op.drop_table("review_work")
    op.drop_table("login_attempts")
    op.drop_table("setup_links")
    op.drop_table("console_sessions")
    op.drop_table("accounts")
