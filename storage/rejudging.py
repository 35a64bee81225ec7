"""What judging again needs of the memory: every current version in batches, and a way to write what is now concluded.

Nothing that a place said is changed. A new conclusion is appended beside the earlier one, an alert gets a version that
says why, and how far it came is written in the same transaction.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from domain.alert import AlertStatus
from domain.clock import Clock, utc_now
from domain.listing import Listing
from storage.batches import insert_rows, update_rows
from storage.codec import load_listing, load_reach
from storage.custody.chain import Sealed, append
from storage.custody.seeing import seen_item
from storage.database import Database
from storage.placing import Placement, place
from storage.raising import (
    AlertRows,
    add_version,
    asleep_until,
    existing_alerts,
    is_deeper,
    is_graver,
    is_worse,
    open_alert,
    see_again,
    write_alerts,
)
from storage.recording import finding_row, version_row
from storage.records import AlertChange, AssessedListing
from storage.statements import take_turn
from storage.tables import alert_versions, alerts, findings, listing_versions, listings, rejudge_progress, sightings

_MOVED: Final = (
    "versions", "current_version_id", "current_content_hash", "current_finding_id", "current_finding_digest",
    "current_lowest_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandingAlert:
    """The alert that stands about a listing now."""

    alert_id: str
    status: AlertStatus
    severity: str
    lane: str
    headline_share: Decimal | None


@dataclass(frozen=True, slots=True)
class StoredListing:
    """The current version of one listing as JSON, with what was concluded of it and the page that last showed it."""

    listing_id: int
    version_id: int
    snapshot_id: int
    source: str
    external_id: str
    listing_json: str
    observed_at: datetime
    reach: str | None
    history_json: str
    finding_digest: str
    lowest_share: Decimal | None
    rules_version: str
    rates_version: str
    overlay_version: str
    alert: StandingAlert | None


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """What is now concluded of a stored listing: the assessed listing, and whether prices are why it differs."""

    stored: StoredListing
    assessed: AssessedListing
    change: AlertChange


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run came: the last listing, what was counted, and when it ended (None while it did not)."""

    last_listing_id: int = 0
    counts: dict[str, int] | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What a batch changed; `moved_on` were recorded anew by a crawl meanwhile and left to it."""

    findings: int = 0
    opened: int = 0
    changed: int = 0
    withdrawn: int = 0
    moved_on: int = 0


def listing_as_last_seen(stored: StoredListing) -> Listing:
    """The listing of a stored version with the time and the reach of the day it was last seen."""
    return replace(load_listing(stored.listing_json), observed_at=stored.observed_at, reach=load_reach(stored.reach))


class Rejudging:
    """Every current version, a batch at a time, and the way back."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def batch_after(
        self, listing_id: int, *, since: datetime | None = None, limit: int = 500
    ) -> tuple[StoredListing, ...]:
        """The next current versions in order of their listings' numbers; `since` looks at when they were last seen."""
        statement = _STORED.where(listings.c.id > listing_id)
        if since is not None:
            statement = statement.where(listings.c.last_seen_at >= since)
        with self._database.reading() as connection:
            return tuple(map(_stored, connection.execute(statement.limit(limit))))

    def count(self, *, since: datetime | None = None) -> int:
        """How many there are."""
        statement = select(func.count()).select_from(listings)
        if since is not None:
            statement = statement.where(listings.c.last_seen_at >= since)
        with self._database.reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def progress(self, fingerprint: str) -> Progress:
        """How far the run of these rules came."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(rejudge_progress).where(rejudge_progress.c.fingerprint == fingerprint)
            ).one_or_none()
        if row is None:
            return Progress()
        return Progress(row.last_listing_id, orjson.loads(row.counts), row.finished_at)

    def begin(self, fingerprint: str) -> None:
        """Begin a run anew."""
        now = self._clock()
        with self._database.writing() as connection:
            connection.execute(delete(rejudge_progress).where(rejudge_progress.c.fingerprint == fingerprint))
            row = {"fingerprint": fingerprint, "last_listing_id": 0, "counts": "{}", "started_at": now}
            connection.execute(insert(rejudge_progress), {**row, "updated_at": now, "finished_at": None})

    def write(
        self, fingerprint: str, judged: Sequence[JudgedAgain], progress: Progress, *, actor: str = "rejudge"
    ) -> Rewritten:
        """Write what a batch now concludes, and how far the run came, in one transaction."""
        now = self._clock()
        with self._database.writing() as connection:
            rewritten = _write(connection, judged, now, actor) if judged else Rewritten()
            counts = Counter(progress.counts or {})
            counts.update(written=rewritten.findings, moved_on=rewritten.moved_on)
            row = {"last_listing_id": progress.last_listing_id, "counts": orjson.dumps(counts).decode()}
            connection.execute(
                update(rejudge_progress)
                .where(rejudge_progress.c.fingerprint == fingerprint)
                .values(**row, updated_at=now, finished_at=progress.finished_at)
            )
        return rewritten


def _write(connection: Connection, judged: Sequence[JudgedAgain], now: datetime, actor: str) -> Rewritten:
    for source in sorted({one.stored.source for one in judged}):
        take_turn(connection, f"record {source}")
    by_listing = {one.stored.listing_id: one for one in judged}
    placed = place(connection, [one.assessed for one in judged])
    current = [
        one
        for one in placed
        if one.known is not None
        and one.listing_id in by_listing
        and one.known.current_version_id == by_listing[one.listing_id].stored.version_id
    ]
    sealed = Sealed()
    sealed.insert(connection, "version", [version_row(one) for one in current if one.new_version])
    new = [one for one in current if one.new_finding]
    sealed.insert(connection, "finding", [finding_row(one, now) for one in new])
    _move(connection, current)
    _see_on_their_pages(connection, current, by_listing, sealed)
    opened, changed, withdrawn = _raise(connection, current, by_listing, now, sealed)
    append(connection, now, actor, "rejudged", sealed)
    return Rewritten(len(new), opened, changed, withdrawn, len(judged) - len(current))


def _move(connection: Connection, placements: Sequence[Placement]) -> None:
    rows = [
        {
            "row": one.listing_id,
            "versions": one.versions,
            "current_version_id": one.version_id,
            "current_content_hash": one.content_hash,
            "current_finding_id": one.finding_id,
            "current_finding_digest": one.finding_digest,
            "current_lowest_share": one.lowest_share,
        }
        for one in placements
    ]
    update_rows(connection, listings, "id", _MOVED, rows)


def _see_on_their_pages(
    connection: Connection, placements: Sequence[Placement], by_listing: dict[int, JudgedAgain], sealed: Sealed
) -> None:
    """What is read otherwise now was seen when its page was."""
    otherwise = [one for one in placements if one.version_id != by_listing[one.listing_id].stored.version_id]
    rows = [
        {
            "version_id": one.version_id,
            "snapshot_id": by_listing[one.listing_id].stored.snapshot_id,
            "observed_at": by_listing[one.listing_id].stored.observed_at,
            "reach": by_listing[one.listing_id].stored.reach,
        }
        for one in otherwise
    ]
    insert_rows(connection, sightings, rows, or_ignore=True)
    for page in sorted({by_listing[one.listing_id].stored.snapshot_id for one in otherwise}):
        sealed.add(seen_item(connection, page))


def _raise(
    connection: Connection,
    placements: Sequence[Placement],
    by_listing: dict[int, JudgedAgain],
    now: datetime,
    sealed: Sealed,
) -> tuple[int, int, int]:
    """Open, change and withdraw alerts: how many of each."""
    existing = existing_alerts(connection, placements)
    withdrawn_before = _withdrawn(connection, [alert.alert_id for alert in existing.values()])
    asleep = asleep_until(connection, existing)
    rows, opened, changed, withdrawn = AlertRows(), 0, 0, 0
    for one in placements:
        alert, wanted = existing.get(one.listing_id), one.assessed.outcome.alert
        if alert is None:
            if wanted:
                open_alert(rows, one, now)
                opened += 1
            continue
        why, status = by_listing[one.listing_id].change, AlertStatus(alert.status)
        if not wanted and status is not AlertStatus.CLOSED:
            add_version(rows, one, alert, AlertChange.WITHDRAWN, now, status=AlertStatus.CLOSED, told=False)
            withdrawn += 1
        elif wanted and alert.alert_id in withdrawn_before and status is AlertStatus.CLOSED:
            add_version(rows, one, alert, why, now)
            opened += 1
        elif wanted and _says_otherwise(one, alert):
            # People are told again only of what a crawl would tell them: a deeper discount or something graver.
            told = is_deeper(one.lowest_share, alert.told_share) or is_graver(one, alert)
            until = None if is_worse(one, alert) else asleep.get(alert.alert_id)
            add_version(rows, one, alert, why, now, until, status=None if told else status, told=told)
            changed += 1
        else:
            see_again(rows, one, alert, repeated=True)
    write_alerts(connection, rows, sealed)
    return opened, changed, withdrawn


def _says_otherwise(placement: Placement, alert: Row[Any]) -> bool:
    finding, outcome = placement.assessed.finding, placement.assessed.outcome
    now = (placement.lowest_share, finding.lane.value, placement.product, outcome.severity.value)
    return now != (alert.headline_share, alert.lane, alert.product, alert.severity)


def _withdrawn(connection: Connection, names: Sequence[str]) -> set[str]:
    """The alerts among these whose newest version says that they were withdrawn."""
    statement = (
        select(alerts.c.alert_id)
        .join(
            alert_versions,
            (alert_versions.c.alert_id == alerts.c.alert_id) & (alert_versions.c.version == alerts.c.version),
        )
        .where(alerts.c.alert_id.in_(names), alert_versions.c.change == AlertChange.WITHDRAWN.value)
    )
    return set(connection.execute(statement).scalars())


_last_seen = (
    select(sightings.c.snapshot_id)
    .where(sightings.c.version_id == listings.c.current_version_id)
    .order_by(sightings.c.observed_at.desc(), sightings.c.snapshot_id.desc())
    .limit(1)
    .correlate(listings)
    .scalar_subquery()
)
_STORED = (
    select(
        listings.c.id,
        listings.c.source,
        listings.c.external_id,
        listings.c.current_version_id,
        listings.c.current_finding_digest,
    )
    .add_columns(listing_versions.c.listing_json, sightings.c.snapshot_id, sightings.c.observed_at, sightings.c.reach)
    .add_columns(findings.c.history_json, findings.c.lowest_share, findings.c.rules_version, findings.c.rates_version)
    .add_columns(findings.c.overlay_version, alerts.c.alert_id, alerts.c.status, alerts.c.severity)
    .add_columns(alerts.c.lane.label("alert_lane"), alerts.c.headline_share)
    .join(listing_versions, listing_versions.c.id == listings.c.current_version_id)
    .join(findings, findings.c.id == listings.c.current_finding_id)
    .join(
        sightings,
        (sightings.c.version_id == listings.c.current_version_id) & (sightings.c.snapshot_id == _last_seen),
    )
    .outerjoin(alerts, alerts.c.listing_id == listings.c.id)
    .order_by(listings.c.id)
)


def _stored(row: Row[Any]) -> StoredListing:
    alert = None
    if row.alert_id is not None:
        status = AlertStatus(row.status)
        alert = StandingAlert(row.alert_id, status, row.severity, row.alert_lane, row.headline_share)
    return StoredListing(
        listing_id=row.id,
        version_id=row.current_version_id,
        snapshot_id=row.snapshot_id,
        source=row.source,
        external_id=row.external_id,
        listing_json=row.listing_json,
        observed_at=row.observed_at,
        reach=row.reach,
        history_json=row.history_json,
        finding_digest=row.current_finding_digest,
        lowest_share=row.lowest_share,
        rules_version=row.rules_version,
        rates_version=row.rates_version,
        overlay_version=row.overlay_version,
        alert=alert,
    )
