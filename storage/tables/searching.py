"""How far search has read; the index itself is each database's own kind of table and stands in its migration."""

from sqlalchemy import BigInteger, Column, Table, Text

from storage.tables.base import metadata

# `last_seq` is the last custody entry whose findings are in the index: entries are in the order of commits.
search_progress = Table(
    "search_progress",
    metadata,
    Column("name", Text, primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
)
