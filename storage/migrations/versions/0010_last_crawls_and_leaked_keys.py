"""Remember what each source's last crawl yielded, and keys that were found in the open."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "last_crawls",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ended_at", types.UtcTime(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("refused_pages", sa.Integer(), nullable=False),
        sa.Column("listings", sa.Integer(), nullable=False),
        sa.Column("reason", types.HostileText(), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_last_crawls"),
    )
    op.create_table(
        "leaked_keys",
        sa.Column("found_key", types.Digest(), nullable=False),
        sa.Column("key_sha256", types.Digest(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", types.HostileText(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("visible", types.HostileText(), nullable=False),
        sa.Column("url", types.HostileText(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("first_seen_at", types.UtcTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("sealed_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("found_key", name="pk_leaked_keys"),
    )
    op.create_index("ix_leaked_keys_key_sha256", "leaked_keys", ["key_sha256"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_leaked_keys_key_sha256", table_name="leaked_keys")
    op.drop_table("leaked_keys")
    op.drop_table("last_crawls")
