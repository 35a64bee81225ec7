"""Remember the places that are read, and what the operator adds."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "source_states",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("last_state", sa.Text(), nullable=False),
        sa.Column("last_reason", types.HostileText(), nullable=False),
        sa.Column("last_page_at", types.UtcTime(), nullable=False),
        sa.Column("last_success_at", types.UtcTime(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("refused_pages", sa.Integer(), nullable=False),
        sa.Column("misread_pages", sa.Integer(), nullable=False),
        sa.Column("listings_seen", sa.Integer(), nullable=False),
        sa.Column("refusals_in_a_row", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_source_states"),
    )
    op.create_table(
        "url_validators",
        sa.Column("url_key", types.Digest(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", types.HostileText(), nullable=False),
        sa.Column("etag", types.HostileText(), nullable=True),
        sa.Column("last_modified", types.HostileText(), nullable=True),
        sa.Column("kept_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("url_key", name="pk_url_validators"),
    )
    op.create_table(
        "hosts",
        sa.Column("host_key", types.Digest(), nullable=False),
        sa.Column("host", types.HostileText(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host_key", name="pk_hosts"),
    )
    op.create_table(
        "robots_files",
        sa.Column("origin_key", types.Digest(), nullable=False),
        sa.Column("origin", types.HostileText(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("note", types.HostileText(), nullable=False),
        sa.Column("fetched_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("origin_key", name="pk_robots_files"),
    )
    op.create_table(
        "overlay_entries",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", types.HostileText(), nullable=False),
        sa.Column("sha256", types.Digest(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("author", types.HostileText(), nullable=False),
        sa.Column("note", types.HostileText(), nullable=False),
        sa.Column("added_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_overlay_entries"),
        sa.UniqueConstraint("kind", "name", "version", name="uq_overlay_entries_kind_name_version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "leads",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("url_key", types.Digest(), nullable=False),
        sa.Column("url", types.HostileText(), nullable=False),
        sa.Column("reason", types.HostileText(), nullable=False),
        sa.Column("found_on", types.HostileText(), nullable=False),
        sa.Column("family", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("found_at", types.UtcTime(), nullable=False),
        sa.Column("last_found_at", types.UtcTime(), nullable=False),
        sa.Column("times_found", sa.Integer(), nullable=False),
        sa.Column("decided_by", types.HostileText(), nullable=True),
        sa.Column("decided_at", types.UtcTime(), nullable=True),
        sa.Column("note", types.HostileText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_leads"),
        sa.UniqueConstraint("url_key", name="uq_leads_url_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scheduler_locks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("process_started", sa.Text(), nullable=False),
        sa.Column("acquired_at", types.UtcTime(), nullable=False),
        sa.Column("heartbeat_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_scheduler_locks"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("scheduler_locks")
    op.drop_table("leads")
    op.drop_table("overlay_entries")
    op.drop_table("robots_files")
    op.drop_table("hosts")
    op.drop_table("url_validators")
    op.drop_table("source_states")
