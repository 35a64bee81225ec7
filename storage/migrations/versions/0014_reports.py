"""Remember reports: what was asked for, exactly what is sent, every step, later looks and replies."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_REPORT = "reports.report_id"


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "reports",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wish", types.HostileText(), nullable=False),
        sa.Column("content_sha256", types.Digest(), nullable=True),
        sa.Column("prepared_by", types.HostileText(), nullable=False),
        sa.Column("prepared_role", sa.Text(), nullable=False),
        sa.Column("prepared_at", types.UtcTime(), nullable=False),
        sa.Column("handed_over_at", types.UtcTime(), nullable=True),
        sa.Column("reference", types.HostileText(), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=True),
        sa.Column("correction", types.HostileText(), nullable=True),
        sa.PrimaryKeyConstraint("report_id", name="pk_reports"),
    )
    op.create_index("ix_reports_subject", "reports", ["subject"])
    op.create_index("ix_reports_state", "reports", ["state", "prepared_at"])
    _create_steps()
    op.create_table(
        "report_files",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], [_REPORT], name="fk_report_files_report_id"),
        sa.PrimaryKeyConstraint("report_id", "position", name="pk_report_files"),
    )
    op.create_table(
        "report_places",
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", types.HostileText(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], [_REPORT], name="fk_report_places_report_id"),
        sa.PrimaryKeyConstraint("report_id", "alert_id", name="pk_report_places"),
    )
    op.create_index("ix_report_places_alert_id", "report_places", ["alert_id"])
    _create_looks()


def _create_steps() -> None:
    op.create_table(
        "report_steps",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("actor", types.HostileText(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("note", types.HostileText(), nullable=False),
        sa.Column("content_sha256", types.Digest(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], [_REPORT], name="fk_report_steps_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_steps"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_report_steps_report_id", "report_steps", ["report_id"])


def _create_looks() -> None:
    op.create_table(
        "report_looks",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("note", types.HostileText(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], [_REPORT], name="fk_report_looks_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report_looks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_report_looks_report_id", "report_looks", ["report_id"])
    op.create_table(
        "report_replies",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", types.HostileText(), nullable=False),
        sa.Column("actor", types.HostileText(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_replies"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_report_replies_subject", "report_replies", ["subject"])


def downgrade() -> None:
    """Take it away again."""
    for table in ("report_replies", "report_looks", "report_places", "report_files", "report_steps", "reports"):
        op.drop_table(table)
