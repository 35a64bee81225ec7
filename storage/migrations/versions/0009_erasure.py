"""Remember which listings were erased, so that they are not recorded again."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "suppressed_listings",
        sa.Column("listing_key", types.Digest(), nullable=False),
        sa.Column("suppressed_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("listing_key", name="pk_suppressed_listings"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("suppressed_listings")
