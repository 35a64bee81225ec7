"""Find what was said to be gone by its page, and remember how far judging again has come."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_index("ix_gone_signs_snapshot_id", "gone_signs", ["snapshot_id"])
    pictured = sa.text("screenshot_sha256 IS NOT NULL")
    op.create_index(
        "ix_snapshots_screenshot_sha256",
        "snapshots",
        ["screenshot_sha256"],
        sqlite_where=pictured,
        postgresql_where=pictured,
    )
    op.create_table(
        "rejudge_progress",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("last_listing_id", types.RowId, nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("started_at", types.UtcTime(), nullable=False),
        sa.Column("updated_at", types.UtcTime(), nullable=False),
        sa.Column("finished_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_rejudge_progress"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("rejudge_progress")
    op.drop_index("ix_snapshots_screenshot_sha256", "snapshots")
    op.drop_index("ix_gone_signs_snapshot_id", "gone_signs")
