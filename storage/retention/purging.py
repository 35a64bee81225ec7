"""Forgetting bodies whose time has come; a preview says what would be forgotten and changes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, update

from domain.clock import Clock, utc_now
from domain.decision import Outcome
from storage.custody.log import add_note
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.retention.holds import HoldKind, Holds
from storage.retention.policy import Flag, RetentionClass, RetentionPolicy, keep_until
from storage.tables import (
    alerts,
    decisions,
    evidence_objects,
    listing_versions,
    sightings,
    snapshots,
)

BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class DueBody:
    """A body whose time has come: its name and size, the class that kept it, and since when it is due."""

    sha256: str
    body_bytes: int
    retention_class: RetentionClass
    due_since: datetime


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge forgot, or would forget: bodies by class, their bytes, and how many a legal hold kept."""

    bodies: Mapping[RetentionClass, int]
    body_bytes: int
    held: int


class Retention:
    """The purge of bodies. What was said about them stays; snapshots keep digest, time and reading."""

    def __init__(self, database: Database, evidence: EvidenceStore, holds: Holds, clock: Clock = utc_now) -> None:
        self._database = database
        self._evidence = evidence
        self._holds = holds
        self._clock = clock

    def preview(self, policy: RetentionPolicy | None = None) -> PurgeReport:
        """What a purge would forget now."""
        return self._walk(policy or RetentionPolicy(), forget=None)

    def purge(self, policy: RetentionPolicy | None = None, *, actor: str) -> PurgeReport:
        """Forget what is due, a batch at a time; one that is cut short is finished by the next."""
        return self._walk(policy or RetentionPolicy(), forget=actor)

    def _walk(self, policy: RetentionPolicy, *, forget: str | None) -> PurgeReport:
        now = self._clock()
        counts: Counter[RetentionClass] = Counter()
        total_bytes, held = 0, 0
        for due, kept_by_hold in self._due(policy, now):
            held += kept_by_hold
            counts.update(one.retention_class for one in due)
            total_bytes += sum(one.body_bytes for one in due)
            if forget is not None and due:
                self._forget(due, now, forget)
        return PurgeReport(dict(counts), total_bytes, held)

    def _due(self, policy: RetentionPolicy, now: datetime) -> Iterator[tuple[list[DueBody], int]]:
        holds = self._holds.in_force()
        held_alerts = {hold.subject for hold in holds if hold.kind is HoldKind.ALERT}
        held_sources = {hold.subject for hold in holds if hold.kind is HoldKind.SOURCE}
        last = ""
        while True:
            with self._database.reading() as connection:
                bodies = connection.execute(_BODIES, {"last": last, "before": now - policy.shortest}).all()
                names = [body.sha256 for body in bodies]
                seen = _seen_on(connection, names)
            if not bodies:
                return
            last, due, held = names[-1], [], 0
            for body in bodies:
                page = seen[body.sha256]
                kept = keep_until(policy, page.last_fetched_at or body.kept_at, page.flags)
                if kept.until > now:
                    continue
                if page.sources & held_sources or page.alerts & held_alerts:
                    held += 1
                else:
                    due.append(DueBody(body.sha256, body.body_bytes, kept.retention_class, kept.until))
            yield due, held

    def _forget(self, due: Sequence[DueBody], now: datetime, actor: str) -> None:
        # The file first: a crash in between leaves a body to be forgotten again, never one that is said to be gone.
        for one in due:
            self._evidence.forget(one.sha256)
        counts = Counter(one.retention_class.value for one in due)
        with self._database.writing() as connection:
            names = [one.sha256 for one in due]
            connection.execute(
                update(evidence_objects).where(evidence_objects.c.sha256.in_(names)).values(forgotten_at=now)
            )
            details = {name: str(count) for name, count in sorted(counts.items())}
            add_note(connection, now, actor, "purged", f"{len(due)} bodies", details, forgotten=names)


@dataclass(slots=True)
class _Page:
    """What is known of a body: when it was last fetched, by which sources, and the alerts about what stood on it."""

    last_fetched_at: datetime | None
    sources: set[str]
    alerts: set[str]
    flags: list[Flag]


def _seen_on(connection: Connection, names: Sequence[str]) -> dict[str, _Page]:
    pages = {name: _Page(None, set(), set(), []) for name in names}
    if not names:
        return pages
    for named in (snapshots.c.sha256, snapshots.c.screenshot_sha256):
        wanted = named.in_(names)
        fetched = select(named.label("name"), snapshots.c.source, func.max(snapshots.c.fetched_at).label("fetched_at"))
        for row in connection.execute(fetched.where(wanted).group_by(named, snapshots.c.source)):
            page = pages[row.name]
            page.sources.add(row.source)
            page.last_fetched_at = max(page.last_fetched_at or row.fetched_at, row.fetched_at)
        for flagged in connection.execute(_FLAGGED.add_columns(named.label("name")).where(wanted)):
            page = pages[flagged.name]
            if flagged.alert_id not in page.alerts:
                page.alerts.add(flagged.alert_id)
                outcome = None if flagged.outcome is None else Outcome(flagged.outcome)
                page.flags.append(Flag(flagged.last_seen_at, outcome, flagged.decided_at))
    return pages


_BODIES = (
    select(evidence_objects.c.sha256, evidence_objects.c.body_bytes, evidence_objects.c.kept_at)
    .where(evidence_objects.c.sha256 > bindparam("last"))
    .where(evidence_objects.c.forgotten_at.is_(None), evidence_objects.c.kept_at <= bindparam("before"))
    .order_by(evidence_objects.c.sha256)
    .limit(BATCH)
)
_LAST_DECISION = (
    select(func.max(decisions.c.id))
    .where(decisions.c.alert_id == alerts.c.alert_id)
    .correlate(alerts)
    .scalar_subquery()
)
_FLAGGED = (
    select(alerts.c.alert_id, alerts.c.last_seen_at, decisions.c.outcome, decisions.c.decided_at)
    .distinct()
    .select_from(snapshots)
    .join(sightings, sightings.c.snapshot_id == snapshots.c.id)
    .join(listing_versions, listing_versions.c.id == sightings.c.version_id)
    .join(alerts, alerts.c.listing_id == listing_versions.c.listing_id)
    .outerjoin(decisions, decisions.c.id == _LAST_DECISION)
)
