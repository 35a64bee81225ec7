"""What was asked and what came back, as it was recorded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select

from domain.reading import Reading, ReadingState
from domain.snapshot import Snapshot
from storage.batches import insert_rows, update_rows
from storage.codec import dump_strings, dump_texts, load_strings, load_texts
from storage.custody.chain import Sealed
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.identity import snapshot_key
from storage.numbering import take_numbers
from storage.tables import evidence_objects, snapshots


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """A snapshot with its number, how it read, and when that was recorded."""

    number: int
    snapshot: Snapshot
    state: ReadingState
    reason: str
    problems: tuple[str, ...]
    listings: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """How an address answered before: how it read, how many listings it held, how large it was (bytes)."""

    state: ReadingState
    listings: int
    body_bytes: int


class Snapshots:
    """Every answer that any place gave."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, number: int) -> KeptSnapshot:
        """One snapshot; raises UnknownRecordError."""
        with self._database.reading() as connection:
            row = connection.execute(select(snapshots).where(snapshots.c.id == number)).one_or_none()
        if row is None:
            raise UnknownRecordError(f"no snapshot has the number {number}")
        return _kept(row)

    def of_source(self, source: str, *, limit: int = 100) -> tuple[KeptSnapshot, ...]:
        """The newest snapshots of a source, newest first."""
        statement = select(snapshots).where(snapshots.c.source == source)
        with self._database.reading() as connection:
            rows = connection.execute(statement.order_by(snapshots.c.fetched_at.desc()).limit(limit)).all()
        return tuple(_kept(row) for row in rows)

    def earlier_answers(self, source: str, url: str, *, limit: int) -> tuple[EarlierAnswer, ...]:
        """How the address answered this source before with a page that was read, or ought to have been, newest first.

        Refusals and unchanged answers say nothing about how much a place holds, and are passed over.
        """
        told = (ReadingState.FRESH.value, ReadingState.EMPTY.value, ReadingState.NOT_UNDERSTOOD.value)
        statement = (
            select(snapshots.c.state, snapshots.c.listings, snapshots.c.body_bytes)
            .where(snapshots.c.source == source, snapshots.c.url_asked == url, snapshots.c.state.in_(told))
            .order_by(snapshots.c.fetched_at.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return tuple(EarlierAnswer(ReadingState(state), *rest) for state, *rest in connection.execute(statement))

    def all_since(self, moment: datetime | None = None, *, batch: int = 500) -> Iterator[KeptSnapshot]:
        """Every snapshot fetched since a moment, in order of number, read in batches so that memory stays flat."""
        last = 0
        while True:
            statement = select(snapshots).where(snapshots.c.id > last).order_by(snapshots.c.id).limit(batch)
            if moment is not None:
                statement = statement.where(snapshots.c.fetched_at >= moment)
            with self._database.reading() as connection:
                rows = connection.execute(statement).all()
            if not rows:
                return
            yield from map(_kept, rows)
            last = rows[-1].id


SCREENSHOT_BYTES: Final = "screenshot_bytes"
"""Where a capture says how large its picture is; 0 is written down for one that does not."""

_SAME = select(snapshots.c.id).where(snapshots.c.snapshot_key == bindparam("key"))


def add_snapshot(
    connection: Connection, snapshot: Snapshot, reading: Reading, listings: int, now: datetime, sealed: Sealed
) -> tuple[int, bytes | None]:
    """Write a snapshot inside the caller's transaction: its number and salt; None where the very same answer is there.

    Its body, and its picture where it has one, are noted as kept, once for each content.
    """
    key = snapshot_key(snapshot)
    there = connection.execute(_SAME, {"key": key}).scalar()
    if there is not None:
        return there, None
    [number] = take_numbers(connection, {"snapshots": 1})["snapshots"]
    row: dict[str, Any] = {"id": number, "snapshot_key": key, **_row(snapshot, reading, listings, now)}
    sealed.insert(connection, "snapshot", [row])
    objects = [(snapshot.sha256, snapshot.body_bytes)]
    if snapshot.screenshot_sha256 is not None:
        objects.append((snapshot.screenshot_sha256, int(snapshot.capture.get(SCREENSHOT_BYTES, "0"))))
    kept = [
        {"sha256": name, "body_bytes": size, "kept_at": now, "forgotten_at": None}
        for name, size in dict(objects).items()
    ]
    insert_rows(connection, evidence_objects, kept, or_ignore=True)
    # The same content may have been forgotten before; it is kept again now.
    again = [{"row": one["sha256"], "forgotten_at": None} for one in kept]
    update_rows(connection, evidence_objects, "sha256", ("forgotten_at",), again)
    return number, row["salt"]


def _row(snapshot: Snapshot, reading: Reading, listings: int, now: datetime) -> dict[str, object]:
    return {
        "source": snapshot.source,
        "url_asked": snapshot.url_asked,
        "url_answered": snapshot.url_answered,
        "status": snapshot.status,
        "headers": dump_strings(snapshot.headers),
        "fetched_at": snapshot.fetched_at,
        "transport": snapshot.transport,
        "sha256": snapshot.sha256,
        "body_bytes": snapshot.body_bytes,
        "context": dump_strings(snapshot.context),
        "capture": dump_strings(snapshot.capture),
        "screenshot_sha256": snapshot.screenshot_sha256,
        "state": reading.state.value,
        "reason": reading.reason,
        "problems": dump_texts(reading.problems),
        "listings": listings,
        "recorded_at": now,
    }


def _kept(row: Row[Any]) -> KeptSnapshot:
    snapshot = Snapshot(
        source=row.source,
        url_asked=row.url_asked,
        url_answered=row.url_answered,
        status=row.status,
        headers=load_strings(row.headers),
        fetched_at=row.fetched_at,
        transport=row.transport,
        sha256=row.sha256,
        body_bytes=row.body_bytes,
        context=load_strings(row.context),
        capture=load_strings(row.capture),
        screenshot_sha256=row.screenshot_sha256,
    )
    return KeptSnapshot(
        number=row.id,
        snapshot=snapshot,
        state=ReadingState(row.state),
        reason=row.reason,
        problems=load_texts(row.problems),
        listings=row.listings,
        recorded_at=row.recorded_at,
    )
