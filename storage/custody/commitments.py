"""What a row commits to: its columns in one canonical form, with a salt of the row's own.

    commitment = SHA-256(salt || canonical JSON of the row without its salt)

The log keeps the commitment, the row keeps the salt. When row and salt are erased, the commitment stays and tells
nothing of what it was: nobody can find it by guessing, and the chain is whole.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import Double, Table

from storage.escaping import escape_text
from storage.tables import alert_versions, custody_notes, decisions, findings, listing_versions, snapshots
from storage.types import Digest, ExactDecimal, HostileText, NanoDecimal, UtcTime

SALT_BYTES: Final = 16

KINDS: Final[Mapping[str, Table]] = {
    "snapshot": snapshots,
    "version": listing_versions,
    "finding": findings,
    "alert": alert_versions,
    "decision": decisions,
    "note": custody_notes,
}
"""The tables whose rows are committed to, by the name they have in a manifest."""

_KEYS: Final[Mapping[str, tuple[str, ...]]] = {"alert": ("alert_id", "version")}


def key_columns(kind: str) -> tuple[str, ...]:
    """The columns that name a row of a kind."""
    return _KEYS.get(kind, ("id",))


def identity(kind: str, row: Mapping[str, Any]) -> str:
    """The name of a row in a manifest: its number, or its key's parts with points between."""
    return ".".join(str(row[name]) for name in key_columns(kind))


def new_salt() -> bytes:
    """A salt for one row."""
    return os.urandom(SALT_BYTES)


def commit(kind: str, row: Mapping[str, Any], salt: bytes) -> str:
    """The commitment to a row, hexadecimal."""
    return hashlib.sha256(salt + canonical(KINDS[kind], row)).hexdigest()


def canonical(table: Table, row: Mapping[str, Any]) -> bytes:
    """A row's columns (but its salt) as JSON with sorted names: times in ISO 8601 and UTC, decimals as their text."""
    plain = {name: row[name] if spell is None else spell(row[name]) for name, spell in _spellings(table)}
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)


@lru_cache
def _spellings(table: Table) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    return tuple((str(column.name), _spelling(column.type)) for column in table.columns if column.name != "salt")


def _spelling(kind: object) -> Callable[[Any], Any] | None:
    if isinstance(kind, UtcTime):
        return _moment
    if isinstance(kind, HostileText):
        return _text
    if isinstance(kind, ExactDecimal):
        return _decimal
    if isinstance(kind, NanoDecimal):
        return _billionths
    if isinstance(kind, Double):
        return float
    if isinstance(kind, Digest):
        return _digest
    return None


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).isoformat()


def _text(value: str | None) -> str | None:
    return None if value is None else escape_text(value)


def _digest(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _decimal(value: object) -> str | None:
    return None if value is None else str(value)


def _billionths(value: Any) -> int | None:
    return None if value is None else int(value.scaleb(9))
