"""Erasing a listing on request: what was said, concluded and told about it goes, and the custody log stays whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, delete, select, text, update

from domain.clock import Clock, utc_now
from storage.custody.log import add_erasure
from storage.database import Database
from storage.errors import StorageError, UnknownRecordError
from storage.escaping import escape_text
from storage.evidence import EvidenceStore
from storage.identity import listing_key
from storage.reports import forget_reported
from storage.retention.holds import HoldKind, Holds
from storage.search.finder import Finder, forget_versions
from storage.statements import insert_or_ignore, take_turn
from storage.tables import (
    alert_versions,
    alerts,
    case_alerts,
    decisions,
    delivery_attempts,
    evidence_objects,
    findings,
    gone_signs,
    leads,
    leaked_keys,
    listing_versions,
    listings,
    outbox,
    review_events,
    review_work,
    sightings,
    snapshots,
    source_states,
    suppressed_listings,
    url_validators,
)

_BLANK_PAGE: Final = {
    "url_asked": "",
    "url_answered": "",
    "headers": "{}",
    "context": "{}",
    "capture": "{}",
    "reason": "",
    "problems": "[]",
    "salt": None,
}


HANGING: Final = (
    (delivery_attempts, "notice_id"),
    (outbox, "alert_id"),
    (case_alerts, "alert_id"),
    (review_events, "alert_id"),
    (review_work, "alert_id"),
    (decisions, "alert_id"),
    (alert_versions, "alert_id"),
    (alerts, "alert_id"),
    (findings, "version_id"),
    (sightings, "version_id"),
    (gone_signs, "listing_id"),
    (listing_versions, "listing_id"),
    (listings, "id"),
)
"""Every table whose rows hang on a listing, and by which key; those that hang on others come first."""


class HeldError(StorageError):
    """What is under a legal hold is not erased; its use is restricted until the hold ends."""


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """What was erased: rows of the log's kinds, and bodies of the pages that showed the listing."""

    rows: int
    bodies: int


class Erasure:
    """Erases listings. What was erased is not recorded again when its place shows it once more."""

    def __init__(
        self, database: Database, evidence: EvidenceStore, holds: Holds, finder: Finder, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._evidence = evidence
        self._holds = holds
        self._finder = finder
        self._clock = clock

    def erase_listing(self, source: str, external_id: str, *, actor: str, reason: str) -> ErasureReport:
        """Erase a listing with its versions, findings, alert, notices and decisions, and the bodies of its pages.

        The pages' rows keep digest, time and reading, without addresses. `reason` goes into the custody log and must
        not name the person. Raises UnknownRecordError, or HeldError while a legal hold is on it.
        """
        self._finder.catch_up()
        key = listing_key(source, external_id)
        with self._database.writing() as connection:
            take_turn(connection, f"record {source}")
            listing = connection.execute(select(listings.c.id).where(listings.c.listing_key == key)).scalar()
            if listing is None:
                raise UnknownRecordError(f"no listing of {source} has that id")
            self._refuse_if_held(connection, source, listing)
            forget_versions(
                connection, _column(connection, listing_versions.c.id, listing_versions.c.listing_id, [listing])
            )
            bodies, erased = _pages(connection, listing)
            erased += _rows(connection, listing)
            keys = leaked_keys.c.source == source, leaked_keys.c.external_id == external_id
            connection.execute(delete(leaked_keys).where(*keys))
            shown_there = (leaked_keys.c.source == source) & (leaked_keys.c.external_id == external_id)
            connection.execute(delete(leaked_keys).where(shown_there))
            for sha256 in bodies:
                self._evidence.forget(sha256)
            gone = evidence_objects.c.sha256.in_(bodies)
            connection.execute(update(evidence_objects).where(gone).values(forgotten_at=self._clock()))
            suppressed = {"listing_key": key, "suppressed_at": self._clock()}
            connection.execute(insert_or_ignore(connection, suppressed_listings), suppressed)
            add_erasure(connection, self._clock(), actor, erased, {"reason": reason}, forgotten=bodies)
        self._leave_no_trace()
        return ErasureReport(len(erased), len(bodies))

    def listings_naming(self, name: str) -> tuple[tuple[str, str], ...]:
        """Source and external id of every listing that names somebody, in any version; letter case is not looked at.

        Reads every version: a request to be erased is answered completely, not quickly.
        """
        # As the name stands inside JSON, where quotes and backslashes are escaped.
        sought = orjson.dumps(escape_text(name.strip().removeprefix("@"))).decode()[1:-1]
        if not sought:
            return ()
        statement = (
            select(listings.c.source, listings.c.external_id)
            .join(listing_versions, listing_versions.c.listing_id == listings.c.id)
            .where(listing_versions.c.listing_json.icontains(sought, autoescape=True))
            .distinct()
            .order_by(listings.c.source, listings.c.external_id)
        )
        with self._database.reading() as connection:
            return tuple((row.source, row.external_id) for row in connection.execute(statement))

    def _refuse_if_held(self, connection: Connection, source: str, listing: int) -> None:
        statement = select(alerts.c.alert_id).where(alerts.c.listing_id == listing)
        subjects = {(HoldKind.SOURCE, source), (HoldKind.ALERT, connection.execute(statement).scalar())}
        for hold in self._holds.in_force():
            if (hold.kind, hold.subject) in subjects:
                raise HeldError(
                    f"hold {hold.number} of {hold.authority} is on it until {hold.expires_at:%Y-%m-%d}; "
                    "restrict its use, and erase it when the hold ends"
                )

    def _leave_no_trace(self) -> None:
        """Deleted rows are overwritten by SQLite; what its index and log still hold of them is written anew."""
        self._finder.compact()
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self._database.is_sqlite:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            else:
                connection.execute(text("VACUUM"))


def _pages(connection: Connection, listing: int) -> tuple[list[str], list[str]]:
    """Blank the rows of the pages that showed a listing: their bodies' names, and the rows' names in the log."""
    seen = select(sightings.c.snapshot_id).join(listing_versions, listing_versions.c.id == sightings.c.version_id)
    signed = select(gone_signs.c.snapshot_id).where(gone_signs.c.listing_id == listing)
    numbers = sorted(
        {*connection.execute(seen.where(listing_versions.c.listing_id == listing)).scalars()}
        | {*connection.execute(signed).scalars()}
    )
    pages = snapshots.c.id.in_(numbers)
    columns = (snapshots.c.sha256, snapshots.c.screenshot_sha256, snapshots.c.source, snapshots.c.url_asked)
    found = connection.execute(select(*columns).where(pages)).all()
    bodies = sorted({page.sha256 for page in found} | {page.screenshot_sha256 for page in found} - {None})
    connection.execute(update(snapshots).where(pages).values(_BLANK_PAGE))
    # Running state quotes pages too.
    sources, addresses = {page.source for page in found}, {page.url_asked for page in found}
    connection.execute(update(source_states).where(source_states.c.source.in_(sources)).values(last_reason=""))
    connection.execute(delete(url_validators).where(url_validators.c.url.in_(addresses)))
    connection.execute(update(leads).where(leads.c.found_on.in_(addresses)).values(found_on=""))
    return bodies, [f"snapshot {number}" for number in numbers]


def _rows(connection: Connection, listing: int) -> list[str]:
    """Delete everything that hangs on a listing, and the listing: the names of the rows that the log knows."""
    versions = _column(connection, listing_versions.c.id, listing_versions.c.listing_id, [listing])
    found = _column(connection, findings.c.id, findings.c.version_id, versions)
    told = _column(connection, alerts.c.alert_id, alerts.c.listing_id, [listing])
    notices = _column(connection, outbox.c.notice_id, outbox.c.alert_id, told)
    decided = _column(connection, decisions.c.id, decisions.c.alert_id, told)
    said = connection.execute(
        select(alert_versions.c.alert_id, alert_versions.c.version).where(alert_versions.c.alert_id.in_(told))
    ).all()
    forget_reported(connection, told)
    keys = {"notice_id": notices, "alert_id": told, "version_id": versions, "listing_id": [listing], "id": [listing]}
    for table, column in HANGING:
        connection.execute(delete(table).where(table.c[column].in_(keys[column])))
    return [
        *(f"version {number}" for number in versions),
        *(f"finding {number}" for number in found),
        *(f"alert {alert}.{version}" for alert, version in said),
        *(f"decision {number}" for number in decided),
    ]


def _column(connection: Connection, wanted: Any, key: Any, values: Sequence[Any]) -> list[Any]:
    return list(connection.execute(select(wanted).where(key.in_(values)).order_by(wanted)).scalars())
