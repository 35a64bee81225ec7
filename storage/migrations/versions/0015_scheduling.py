"""Remember the schedule: marks, pauses, requests, the processes at work, and how crawls went."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "schedule_marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("era", sa.Integer(), nullable=False),
        sa.Column("enqueued_at", types.UtcTime(), nullable=False),
        sa.Column("ended_at", types.UtcTime()),
        sa.Column("error", types.HostileText(), nullable=False),
        sa.Column("failures_in_a_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedule_marks"),
    )
    op.create_table(
        "schedule_pauses",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paused_by", types.HostileText(), nullable=False),
        sa.Column("reason", types.HostileText(), nullable=False),
        sa.Column("paused_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_schedule_pauses"),
    )
    op.create_table(
        "schedule_requests",
        sa.Column("request", types.Digest(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer()),
        sa.Column("asked_by", types.HostileText(), nullable=False),
        sa.Column("asked_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("request", name="pk_schedule_requests"),
    )
    op.create_table(
        "workers",
        sa.Column("executor", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("process_started", sa.Text(), nullable=False),
        sa.Column("started_at", types.UtcTime(), nullable=False),
        sa.Column("heartbeat_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("executor", name="pk_workers"),
    )
    op.create_table(
        "crawl_runs",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ended_at", types.UtcTime(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("refused_pages", sa.Integer(), nullable=False),
        sa.Column("unchanged_pages", sa.Integer(), nullable=False),
        sa.Column("listings", sa.Integer(), nullable=False),
        sa.Column("with_price", sa.Integer(), nullable=False),
        sa.Column("with_seller", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "ended_at", name="pk_crawl_runs"),
    )


def downgrade() -> None:
    """Take it away again."""
    for table in ("crawl_runs", "workers", "schedule_requests", "schedule_pauses", "schedule_marks"):
        op.drop_table(table)
