"""Remember what each channel said lately, and find due notices by age."""

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("state in ('pending', 'retry', 'delivering')")


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "channel_messages",
        sa.Column("id", types.RowId, autoincrement=True, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("said_at", types.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_channel_messages"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_channel_messages_channel_said_at", "channel_messages", ["channel", "said_at"])
    _index_unsettled("urgency", "created_at", "due_at")


def downgrade() -> None:
    """Take it away again."""
    _index_unsettled("urgency", "due_at")
    op.drop_table("channel_messages")


def _index_unsettled(*columns: str) -> None:
    op.drop_index("ix_outbox_unsettled", "outbox")
    op.create_index("ix_outbox_unsettled", "outbox", list(columns), sqlite_where=UNSETTLED, postgresql_where=UNSETTLED)
