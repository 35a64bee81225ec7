"""The chain itself: each entry covers its own content and the digest of the entry before it.

    digest = SHA-256(0x00 || canonical JSON {action, actor, at, manifest, previous, seq})

where `manifest` is the SHA-256 of the manifest's text. The first entry follows 32 zero bytes.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table, select

from storage.batches import insert_rows
from storage.custody.commitments import KINDS, commit, identity, new_salt
from storage.escaping import escape_text
from storage.statements import take_turn
from storage.tables import custody_entries

GENESIS: Final = "00" * 32
_PREFIX: Final = b"\x00"

_HEAD = select(custody_entries.c.seq, custody_entries.c.digest).order_by(custody_entries.c.seq.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's number and digest: 0 and zeros for an empty log."""

    seq: int = 0
    digest: str = GENESIS


@dataclass(slots=True)
class Sealed:
    """Collects the rows of one event; each gets its salt here, and its commitment goes into the manifest."""

    manifest: list[tuple[str, str, str]] = field(default_factory=list)

    def seal(self, kind: str, row: dict[str, Any]) -> dict[str, Any]:
        """The row with its salt, ready to be inserted."""
        salt = new_salt()
        self.manifest.append((kind, identity(kind, row), commit(kind, row, salt)))
        row["salt"] = salt
        return row

    def add(self, item: tuple[str, str, str] | None) -> None:
        """Put a finished item into the manifest; None adds nothing."""
        if item is not None:
            self.manifest.append(item)

    def insert(self, connection: Connection, kind: str, rows: list[dict[str, Any]]) -> None:
        """Seal rows and insert them."""
        table: Table = KINDS[kind]
        insert_rows(connection, table, [self.seal(kind, row) for row in rows])


def head_of(connection: Connection) -> Head:
    """The newest entry."""
    row = connection.execute(_HEAD).one_or_none()
    return Head() if row is None else Head(row.seq, row.digest)


def append(connection: Connection, at: datetime, actor: str, action: str, sealed: Sealed) -> Head:
    """Add an entry about what was sealed, inside the caller's transaction and last in it; nothing sealed adds none.

    On PostgreSQL the log is one line for all: an entry waits for the transactions before it.
    """
    take_turn(connection, "custody")
    before = head_of(connection)
    if not sealed.manifest:
        return before
    seq, manifest = before.seq + 1, orjson.dumps(sealed.manifest).decode()
    digest = entry_digest(seq, at, actor, action, manifest, before.digest)
    row = {
        "seq": seq,
        "at": at,
        "actor": actor,
        "action": action,
        "manifest": manifest,
        "previous": before.digest,
        "digest": digest,
    }
    insert_rows(connection, custody_entries, [row])
    return Head(seq, digest)


def entry_digest(seq: int, at: datetime, actor: str, action: str, manifest: str, previous: str) -> str:
    """The digest of an entry, hexadecimal."""
    content: Mapping[str, object] = {
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(),
        "actor": escape_text(actor),
        "action": action,
        "manifest": hashlib.sha256(manifest.encode()).hexdigest(),
        "previous": previous,
    }
    return hashlib.sha256(_PREFIX + orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
