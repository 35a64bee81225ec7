"""What is remembered of the places that are read: how each source fares, and the manners each host is owed."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from storage.tables.base import metadata
from storage.types import Digest, HostileText, UtcTime

source_states = Table(
    "source_states",
    metadata,
    Column("source", Text, primary_key=True),
    Column("last_state", Text, nullable=False),
    Column("last_reason", HostileText, nullable=False),
    Column("last_page_at", UtcTime, nullable=False),
    Column("last_success_at", UtcTime),
    Column("pages", Integer, nullable=False),
    Column("refused_pages", Integer, nullable=False),
    Column("misread_pages", Integer, nullable=False),
    Column("listings_seen", Integer, nullable=False),
    Column("refusals_in_a_row", Integer, nullable=False),
)

# What a page gave to ask "has it changed?" with; the key is a digest of source and address.
url_validators = Table(
    "url_validators",
    metadata,
    Column("url_key", Digest, primary_key=True),
    Column("source", Text, nullable=False),
    Column("url", HostileText, nullable=False),
    Column("etag", HostileText),
    Column("last_modified", HostileText),
    Column("kept_at", UtcTime, nullable=False),
)

# The state of a host's manners is the crawlers' own document: this only keeps it, one change at a time.
hosts = Table(
    "hosts",
    metadata,
    Column("host_key", Digest, primary_key=True),
    Column("host", HostileText, nullable=False),
    Column("document", Text, nullable=False),
)

robots_files = Table(
    "robots_files",
    metadata,
    Column("origin_key", Digest, primary_key=True),
    Column("origin", HostileText, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("note", HostileText, nullable=False),
    Column("fetched_at", UtcTime, nullable=False),
)
