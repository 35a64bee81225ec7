"""Hold what must not be forgotten, and find what stood on a page."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "legal_holds",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("authority", types.HostileText(), nullable=False),
        sa.Column("reason", types.HostileText(), nullable=False),
        sa.Column("placed_by", types.HostileText(), nullable=False),
        sa.Column("confirmed_by", types.HostileText(), nullable=False),
        sa.Column("placed_at", types.UtcTime(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("lifted_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sightings_snapshot_id", "sightings", ["snapshot_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_sightings_snapshot_id", "sightings")
    op.drop_table("legal_holds")
