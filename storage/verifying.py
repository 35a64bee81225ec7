"""Is the whole store as it was recorded? The custody log and its rows, the bodies, and what is derived from both.

Every finding names what it is about, so that a person knows where to look: an entry, a row, a body, a table.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, Select, func, literal, or_, select

from storage.custody.chain import Head
from storage.custody.log import CustodyLog
from storage.custody.verification import FORGOTTEN, CustodyReport, Problem
from storage.database import Database
from storage.errors import EvidenceDamagedError, EvidenceMissingError, MasterKeyError
from storage.escaping import escape_text
from storage.evidence import EvidenceStore
from storage.tables import (
    alert_versions,
    alerts,
    custody_entries,
    evidence_objects,
    findings,
    listing_versions,
    listings,
    overlay_entries,
    snapshots,
)

BATCH: Final = 500
MOST_NAMED: Final = 1000


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What a check of a store found.

    `bodies` were opened and hashed, `forgotten` are said to be gone and are; `unrecorded` are bodies that were kept but
    whose page was never recorded (a crash between the two), which is no fault.
    """

    custody: CustodyReport
    bodies: int
    forgotten: int
    unrecorded: int
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Was nothing found?"""
        return not self.problems


def verify_store(
    database: Database, evidence: EvidenceStore, custody: CustodyLog, anchors: Sequence[Head] = ()
) -> StoreReport:
    """Check everything, offline; memory stays flat but for the names of forgotten bodies."""
    damage = list(_damage(database))
    if damage:
        # What a damaged file answers proves nothing, and asking it further may not come to an end.
        empty = CustodyReport(Head(), 0, 0, 0, 0, ())
        return StoreReport(empty, 0, 0, 0, tuple(damage))
    report = custody.verify(anchors)
    problems = list(report.problems)
    with database.reading() as connection:
        bodies, forgotten = _check_bodies(connection, evidence, problems)
        problems += _derived(connection)
        unrecorded = sum(1 for _ in _unrecorded(connection, evidence))
    return StoreReport(report, bodies, forgotten, unrecorded, tuple(problems))


def _damage(database: Database) -> Iterator[Problem]:
    if not database.is_sqlite:
        return
    with database.reading() as connection:
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)").all():
            if line != "ok":
                yield Problem(0, "database", f"its file is damaged: {line}")


def _check_bodies(connection: Connection, evidence: EvidenceStore, problems: list[Problem]) -> tuple[int, int]:
    """Open every body that is kept; one that is said to be forgotten must be said so in the log."""
    said = _said_forgotten(connection)
    kept, forgotten, last = 0, 0, ""
    while rows := connection.execute(_objects_after(last)).all():
        for name, forgotten_at in rows:
            if forgotten_at is None:
                kept += 1
                problems += _body(evidence, name)
                continue
            forgotten += 1
            if bytes.fromhex(name) not in said:
                problems.append(Problem(0, f"body {name}", "is said to be forgotten, and no entry of the log says why"))
            elif evidence.has(name):
                problems.append(Problem(0, f"body {name}", "is said to be forgotten, and is still there"))
        last = rows[-1].sha256
    problems += [
        Problem(0, f"body {name}", "is named by a page and stands in no list of bodies")
        for column in (snapshots.c.sha256, snapshots.c.screenshot_sha256)
        for name in connection.execute(_unlisted(column)).scalars()
    ]
    return kept, forgotten


def _body(evidence: EvidenceStore, name: str) -> Iterator[Problem]:
    try:
        evidence.open(name)
    except EvidenceMissingError:
        yield Problem(0, f"body {name}", "is missing, and nothing says that it was forgotten")
    except EvidenceDamagedError as error:
        yield Problem(0, f"body {name}", f"was changed: {error}")
    except MasterKeyError as error:
        yield Problem(0, f"body {name}", f"cannot be opened: {error}")


def _objects_after(last: str) -> Select[Any]:
    statement = select(evidence_objects.c.sha256, evidence_objects.c.forgotten_at)
    return statement.where(evidence_objects.c.sha256 > last).order_by(evidence_objects.c.sha256).limit(BATCH)


def _said_forgotten(connection: Connection) -> set[bytes]:
    statement = select(custody_entries.c.manifest).where(custody_entries.c.manifest.contains(f'"{FORGOTTEN}"'))
    said: set[bytes] = set()
    for (manifest,) in connection.execute(statement):
        try:
            said |= {bytes.fromhex(item[1]) for item in orjson.loads(manifest) if item[0] == FORGOTTEN}
        except (ValueError, TypeError, LookupError):
            # A manifest that is none any more: its entry's digest says so already.
            continue
    return said


def _unlisted(column: ColumnElement[Any]) -> Select[Any]:
    there = select(literal(1)).where(evidence_objects.c.sha256 == column).exists()
    return select(column).where(column.is_not(None), ~there).distinct().limit(MOST_NAMED)


def _unrecorded(connection: Connection, evidence: EvidenceStore) -> Iterator[str]:
    batch: list[str] = []
    for name in evidence.names():
        batch.append(name)
        if len(batch) == BATCH:
            yield from _unknown(connection, batch)
            batch = []
    yield from _unknown(connection, batch)


def _unknown(connection: Connection, names: Sequence[str]) -> set[str]:
    if not names:
        return set()
    known = select(evidence_objects.c.sha256).where(evidence_objects.c.sha256.in_(names))
    return set(names) - set(connection.execute(known).scalars())


def _derived(connection: Connection) -> Iterator[Problem]:
    """What follows from the rows that the log covers: a list or a queue must not say otherwise."""
    for table, what, statement in _DERIVED:
        for number in connection.execute(statement.limit(MOST_NAMED)).scalars():
            yield Problem(0, f"{table} {number}", what)
    for entry in connection.execute(select(overlay_entries)):
        if hashlib.sha256(escape_text(entry.content).encode()).hexdigest() != entry.sha256:
            yield Problem(0, f"overlay {entry.kind} {entry.name} version {entry.version}", "was changed")


_counted = (
    select(func.count()).where(listing_versions.c.listing_id == listings.c.id).correlate(listings).scalar_subquery()
)
_newest = (
    select(func.max(alert_versions.c.version))
    .where(alert_versions.c.alert_id == alerts.c.alert_id)
    .correlate(alerts)
    .scalar_subquery()
)
_DERIVED: Final[tuple[tuple[str, str, Select[Any]], ...]] = (
    (
        "listing",
        "does not stand where its versions and findings say",
        select(listings.c.id)
        .outerjoin(listing_versions, listing_versions.c.id == listings.c.current_version_id)
        .outerjoin(findings, findings.c.id == listings.c.current_finding_id)
        .where(
            or_(
                listing_versions.c.listing_id.is_distinct_from(listings.c.id),
                listing_versions.c.content_hash.is_distinct_from(listings.c.current_content_hash),
                findings.c.version_id.is_distinct_from(listings.c.current_version_id),
                findings.c.digest.is_distinct_from(listings.c.current_finding_digest),
                findings.c.lowest_share.is_distinct_from(listings.c.current_lowest_share),
                _counted != listings.c.versions,
            )
        ),
    ),
    (
        "alert",
        "does not say what its newest version and finding say",
        select(alerts.c.alert_id)
        .outerjoin(findings, findings.c.id == alerts.c.finding_id)
        .outerjoin(listing_versions, listing_versions.c.id == findings.c.version_id)
        .where(
            or_(
                _newest.is_distinct_from(alerts.c.version),
                listing_versions.c.listing_id.is_distinct_from(alerts.c.listing_id),
                findings.c.lane.is_distinct_from(alerts.c.lane),
                findings.c.probability.is_distinct_from(alerts.c.probability),
                findings.c.lowest_share.is_distinct_from(alerts.c.headline_share),
                findings.c.exposure_high_usd.is_distinct_from(alerts.c.exposure_high_usd),
            )
        ),
    ),
)
"""Table, what is wrong, and the rows for which it is."""
