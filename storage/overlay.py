"""What the operator adds to what is shipped: sources, policy, words, authorised channels, rates.

Every change is a new version; the newest of each kind and name holds. The content is text (YAML, mostly) and means
nothing here: whoever uses it validates it before it is put. The overlay's version is a digest over all that holds, so
that a finding can say what it was judged with.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from domain.clock import Clock, utc_now
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.escaping import escape_text
from storage.statements import take_turn
from storage.tables import overlay_entries

EMPTY_VERSION = "none"
VERSION_CHARACTERS = 16


class OverlayKind(StrEnum):
    """What an overlay entry adds to."""

    SOURCE = "source"
    POLICY = "policy"
    WORDS = "words"
    AUTHORISED_CHANNELS = "authorised_channels"
    RATE_UPDATE = "rate_update"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class OverlayEntry:
    """One version of one entry, with its SHA-256, who put it and why; a retired one takes the entry away."""

    kind: OverlayKind
    name: str
    version: int
    content: str
    sha256: str
    retired: bool
    author: str
    note: str
    added_at: datetime


_COLUMNS = tuple(overlay_entries.c[name] for name in OverlayEntry.__slots__)


class Overlay:
    """The operator's additions, versioned."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def put(self, kind: OverlayKind, name: str, content: str, *, author: str, note: str = "") -> OverlayEntry:
        """Add a version; the same content again adds nothing and gives the version that holds."""
        return self._add(kind, name, content, retired=False, author=author, note=note)

    def retire(self, kind: OverlayKind, name: str, *, author: str, note: str = "") -> OverlayEntry:
        """Take an entry away from now on; its versions stay. Raises UnknownRecordError for one that does not hold."""
        return self._add(kind, name, "", retired=True, author=author, note=note)

    def current(self, kind: OverlayKind) -> tuple[OverlayEntry, ...]:
        """What holds of a kind, by name."""
        with self._database.reading() as connection:
            return _holding(connection, kind)

    def history(self, kind: OverlayKind, name: str) -> tuple[OverlayEntry, ...]:
        """Every version of an entry, oldest first."""
        statement = _entries().where(overlay_entries.c.kind == kind.value, overlay_entries.c.name == name)
        with self._database.reading() as connection:
            return tuple(_entry(row) for row in connection.execute(statement.order_by(overlay_entries.c.version)))

    def version(self) -> str:
        """A digest over all that holds; `none` where nothing does. The same content gives the same version anywhere."""
        with self._database.reading() as connection:
            holding = _holding(connection, None)
        if not holding:
            return EMPTY_VERSION
        digest = hashlib.sha256()
        for entry in holding:
            digest.update(f"{entry.kind}\0{entry.name}\0{entry.sha256}\n".encode())
        return digest.hexdigest()[:VERSION_CHARACTERS]

    def _add(
        self, kind: OverlayKind, name: str, content: str, *, retired: bool, author: str, note: str
    ) -> OverlayEntry:
        digest = hashlib.sha256(escape_text(content).encode()).hexdigest()
        newest_first = (
            _entries()
            .where(overlay_entries.c.kind == kind.value, overlay_entries.c.name == name)
            .order_by(overlay_entries.c.version.desc())
            .limit(1)
        )
        with self._database.writing() as connection:
            take_turn(connection, "overlay")
            row = connection.execute(newest_first).one_or_none()
            newest = None if row is None else _entry(row)
            if retired and (newest is None or newest.retired):
                raise UnknownRecordError(f"no {kind} named {name!r} is in force; nothing to retire")
            if newest is not None and newest.retired == retired and newest.sha256 == digest:
                return newest
            version = 1 if newest is None else newest.version + 1
            entry = OverlayEntry(kind, name, version, content, digest, retired, author, note, self._clock())
            row_values = {column: getattr(entry, column) for column in OverlayEntry.__slots__}
            connection.execute(insert(overlay_entries), row_values | {"kind": kind.value})
        return entry


def _entries() -> Select[Any]:
    return select(*_COLUMNS)


def _holding(connection: Connection, kind: OverlayKind | None) -> tuple[OverlayEntry, ...]:
    newest = (
        select(overlay_entries.c.kind, overlay_entries.c.name, func.max(overlay_entries.c.version).label("version"))
        .group_by(overlay_entries.c.kind, overlay_entries.c.name)
        .subquery()
    )
    same = (
        (newest.c.kind == overlay_entries.c.kind)
        & (newest.c.name == overlay_entries.c.name)
        & (newest.c.version == overlay_entries.c.version)
    )
    statement = _entries().join(newest, same).where(overlay_entries.c.retired.is_(False))
    if kind is not None:
        statement = statement.where(overlay_entries.c.kind == kind.value)
    entries = [_entry(row) for row in connection.execute(statement)]
    # Sorted here: the two databases do not agree on the order of letters.
    return tuple(sorted(entries, key=lambda entry: (entry.kind, entry.name)))


def _entry(row: Row[Any]) -> OverlayEntry:
    return OverlayEntry(**{**row._mapping, "kind": OverlayKind(row.kind)})
