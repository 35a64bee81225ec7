"""Every table, in the one MetaData that the migrations are compared with."""

from storage.tables.alerts import alert_versions, alerts, channel_messages, decisions, delivery_attempts, outbox
from storage.tables.base import metadata
from storage.tables.chats import chat_codes, chat_links, chat_presses
from storage.tables.console import (
    accounts,
    case_alerts,
    case_entries,
    cases,
    console_sessions,
    login_attempts,
    review_events,
    review_work,
    saved_views,
    setup_links,
)
from storage.tables.custody import custody_entries, custody_heads, custody_notes
from storage.tables.listings import findings, gone_signs, listing_versions, listings, sightings
from storage.tables.operator import leads, overlay_entries, scheduler_locks
from storage.tables.places import hosts, last_crawls, leaked_keys, robots_files, source_states, url_validators
from storage.tables.rejudging import rejudge_progress
from storage.tables.reports import report_files, report_looks, report_places, report_replies, report_steps, reports
from storage.tables.retention import legal_holds, suppressed_listings
from storage.tables.scheduling import crawl_runs, schedule_marks, schedule_pauses, schedule_requests, workers
from storage.tables.searching import search_progress
from storage.tables.snapshots import evidence_objects, snapshots

__all__ = [
    "accounts",
    "alert_versions",
    "alerts",
    "case_alerts",
    "case_entries",
    "cases",
    "channel_messages",
    "chat_codes",
    "chat_links",
    "chat_presses",
    "console_sessions",
    "crawl_runs",
    "custody_entries",
    "custody_heads",
    "custody_notes",
    "decisions",
    "delivery_attempts",
    "evidence_objects",
    "findings",
    "gone_signs",
    "hosts",
    "last_crawls",
    "leads",
    "leaked_keys",
    "legal_holds",
    "listing_versions",
    "listings",
    "login_attempts",
    "metadata",
    "outbox",
    "overlay_entries",
    "rejudge_progress",
    "report_files",
    "report_looks",
    "report_places",
    "report_replies",
    "report_steps",
    "reports",
    "review_events",
    "review_work",
    "robots_files",
    "saved_views",
    "schedule_marks",
    "schedule_pauses",
    "schedule_requests",
    "scheduler_locks",
    "search_progress",
    "setup_links",
    "sightings",
    "snapshots",
    "source_states",
    "suppressed_listings",
    "url_validators",
    "workers",
]
