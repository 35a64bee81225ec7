"""What is remembered of the places that are read: how each source fares, and the manners each host is owed."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

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

# What the newest crawl of a source brought, to be held against what its file expects.
last_crawls = Table(
    "last_crawls",
    metadata,
    Column("source", Text, primary_key=True),
    Column("ended_at", UtcTime, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("refused_pages", Integer, nullable=False),
    Column("listings", Integer, nullable=False),
    Column("reason", HostileText, nullable=False),
)

# A key that stood in the open: never the key, but its digest and place, and where its issuer lodged a public key, the
# key sealed to that. `found_key` is a digest of the key's digest and of the listing that showed it.
leaked_keys = Table(
    "leaked_keys",
    metadata,
    Column("found_key", Digest, primary_key=True),
    Column("key_sha256", Digest, nullable=False),
    Column("source", Text, nullable=False),
    Column("external_id", HostileText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("visible", HostileText, nullable=False),
    Column("url", HostileText, nullable=False),
    Column("place", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("sealed", LargeBinary),
    Column("sealed_to", Text, nullable=False),
    Index(None, "key_sha256"),
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
