"""Remember who is who in a chat, the codes by which people link themselves, and which buttons were used."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "chat_links",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("account_id", types.RowId, nullable=False),
        sa.Column("linked_at", types.UtcTime(), nullable=False),
        sa.Column("linked_by", types.HostileText(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "user_id", name="pk_chat_links"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_chat_links_account_id"),
    )
    op.create_index("ix_chat_links_account_id", "chat_links", ["account_id"])
    op.create_table(
        "chat_codes",
        sa.Column("code_sha256", types.Digest(), nullable=False),
        sa.Column("account_id", types.RowId, nullable=False),
        sa.Column("created_by", types.HostileText(), nullable=False),
        sa.Column("expires_at", types.UtcTime(), nullable=False),
        sa.Column("used_at", types.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("code_sha256", name="pk_chat_codes"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_chat_codes_account_id"),
    )
    op.create_table(
        "chat_presses",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("press_key", types.Digest(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("account_id", types.RowId, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chat_presses"),
        sa.UniqueConstraint("press_key", name="uq_chat_presses_press_key"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_chat_presses_account_id"),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("chat_presses")
    op.drop_table("chat_codes")
    op.drop_table("chat_links")
