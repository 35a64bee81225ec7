"""The custody log: what was kept, concluded, told, decided, looked at and erased, chained by hash; never changed."""

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from storage.tables.base import metadata, row_id
from storage.types import Digest, HostileText, UtcTime

# One row for each event. `manifest` lists the objects that the event is about with their commitments; `digest` covers
# the row and the digest before it.
custody_entries = Table(
    "custody_entries",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", HostileText, nullable=False),
    Column("action", Text, nullable=False),
    Column("manifest", Text, nullable=False),
    Column("previous", Digest, nullable=False),
    Column("digest", Digest, nullable=False),
)

# What an event says that stands nowhere else: who looked at what and why, what was erased on whose request.
custody_notes = Table(
    "custody_notes",
    metadata,
    row_id(),
    Column("subject", HostileText, nullable=False),
    Column("details", Text, nullable=False),
    Column("salt", LargeBinary),
    sqlite_autoincrement=True,
)

# Signed heads: whoever holds a copy of one can tell that nothing before it was taken away.
custody_heads = Table(
    "custody_heads",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Digest, nullable=False),
    Column("signed_at", UtcTime, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("timestamp_token", LargeBinary),
)
