"""How far judging again has come, so that one that was cut short goes on where it was."""

from sqlalchemy import Column, Table, Text

from storage.tables.base import metadata
from storage.types import RowId, UtcTime

# One row for each combination of rules, rates, policy and scope that was ever applied.
rejudge_progress = Table(
    "rejudge_progress",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("last_listing_id", RowId, nullable=False),
    Column("counts", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
)
