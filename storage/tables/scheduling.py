"""What the schedule remembers: the slot each job came to, pauses and requests, who works, how crawls went."""

from sqlalchemy import Column, Integer, Table, Text

from storage.tables.base import metadata
from storage.types import Digest, HostileText, UtcTime

# The newest slot of every scheduled job, and how the last one ended. `era` counts how often the clock was set back.
schedule_marks = Table(
    "schedule_marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("slot", Integer, nullable=False),
    Column("era", Integer, nullable=False),
    Column("enqueued_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("error", HostileText, nullable=False),
    Column("failures_in_a_row", Integer, nullable=False),
)

schedule_pauses = Table(
    "schedule_pauses",
    metadata,
    Column("name", Text, primary_key=True),
    Column("paused_by", HostileText, nullable=False),
    Column("reason", HostileText, nullable=False),
    Column("paused_at", UtcTime, nullable=False),
)

# A run that a person asked for, taken away once it is queued. Without a slot it is a run of its own.
schedule_requests = Table(
    "schedule_requests",
    metadata,
    Column("request", Digest, primary_key=True),
    Column("name", Text, nullable=False),
    Column("slot", Integer),
    Column("asked_by", HostileText, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
)

# A process that does jobs; whose heartbeat stops is taken out, and must not go on if it comes back.
workers = Table(
    "workers",
    metadata,
    Column("executor", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("process_id", Integer, nullable=False),
    Column("process_started", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("heartbeat_at", UtcTime, nullable=False),
)

# How the last crawls of a source went, so that one that quietly yields less is noticed.
crawl_runs = Table(
    "crawl_runs",
    metadata,
    Column("source", Text, primary_key=True),
    Column("ended_at", UtcTime, primary_key=True),
    Column("pages", Integer, nullable=False),
    Column("refused_pages", Integer, nullable=False),
    Column("unchanged_pages", Integer, nullable=False),
    Column("listings", Integer, nullable=False),
    Column("with_price", Integer, nullable=False),
    Column("with_seller", Integer, nullable=False),
)
