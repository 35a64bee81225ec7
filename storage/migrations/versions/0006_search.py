"""Search listings in any script."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# No texts are kept a second time, and no sizes of documents, which only another ranking would need.
FTS5 = "CREATE VIRTUAL TABLE search_index USING fts5(title, body, facets, content='', columnsize=0, tokenize='ascii')"


def upgrade() -> None:
    """Make what this version needs."""
    op.create_table(
        "search_progress",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_search_progress"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FTS5)
        return
    op.execute(
        "CREATE TABLE search_documents (version_id bigint PRIMARY KEY, "
        "title tsvector NOT NULL, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_search_documents_words ON search_documents USING gin (words)")


def downgrade() -> None:
    """Take it away again."""
    op.execute("DROP TABLE " + ("search_index" if op.get_bind().dialect.name == "sqlite" else "search_documents"))
    op.drop_table("search_progress")
