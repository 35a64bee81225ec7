"""Chain by hash what is kept, concluded, told and decided."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COMMITTED_TABLES = ("snapshots", "listing_versions", "findings", "alert_versions", "decisions")


def upgrade() -> None:
    """Make what this version needs."""
    for table in COMMITTED_TABLES:
        op.add_column(table, sa.Column("salt", sa.LargeBinary(), nullable=True))
    op.create_table(
        "custody_entries",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.Column("actor", types.HostileText(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("previous", types.Digest(), nullable=False),
        sa.Column("digest", types.Digest(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_custody_entries"),
    )
    op.create_table(
        "custody_notes",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("subject", types.HostileText(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_custody_notes"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "custody_heads",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", types.Digest(), nullable=False),
        sa.Column("signed_at", types.UtcTime(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("timestamp_token", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_custody_heads"),
    )


def downgrade() -> None:
    """Take it away again."""
    for table in ("custody_heads", "custody_notes", "custody_entries"):
        op.drop_table(table)
    for table in COMMITTED_TABLES:
        # SQLite knows how to drop a plain column by itself since 3.35; copying the table would lose its options.
        op.execute(f"ALTER TABLE {table} DROP COLUMN salt")
