"""A whole memory into another database: restartable, since what is there is compared, and verified at the end.

The source is read as it was at one moment, however long the copy takes and whoever writes meanwhile. The search index
is not copied but made anew from the log, since each database has its own.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, func, select, text, tuple_, update
from sqlalchemy.sql.elements import ColumnElement

from storage.batches import insert_rows
from storage.database import Database
from storage.errors import CopyError
from storage.search.finder import Finder
from storage.tables import metadata

AT_A_TIME: Final = 1000
# Who schedules is a matter of processes, not of memory; how far search has read belongs to the index that is made anew.
LEFT_OUT: Final = frozenset({"scheduler_locks", "search_progress", "workers"})
TABLES: Final = tuple(table for table in metadata.sorted_tables if table.name not in LEFT_OUT)
_DIGEST_RANGE: Final = 2**256


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: rows of each table as they stand at both ends now, and how many had to be written."""

    rows: Mapping[str, int]
    written: int
    indexed: int


def copy_database(
    source: Database, target: Database, on_table: Callable[[str, int], None] = lambda name, rows: None
) -> Copied:
    """Bring the target to what the source is at this moment; told of each table as it is done.

    Raises CopyError where the target holds rows that the source does not, or where the two differ in the end.
    """
    written = 0
    with source.snapshot() as reading:
        for table in TABLES:
            _refuse_strange_rows(reading, target, table)
        for table in TABLES:
            written += _copy_table(reading, target, table)
            with target.reading() as there:
                here, copied = digest_of(reading, table), digest_of(there, table)
            if here != copied:
                raise CopyError(
                    f"table {table.name} differs after the copy; run it again, and if it stays so, report it"
                )
            on_table(table.name, here[0])
        _copy_numbers(reading, target)
        with target.reading() as there:
            rows = {table.name: _count(there, table) for table in TABLES}
    return Copied(rows, written, Finder(target).catch_up())


def digest_of(connection: Connection, table: Table) -> tuple[int, str]:
    """How many rows a table has, and a digest over all of them that does not depend on their order."""
    rows, total = 0, 0
    for batch in _batches(connection, select(table), table):
        for row in batch:
            total = (total + int.from_bytes(_row_digest(row))) % _DIGEST_RANGE
        rows += len(batch)
    return rows, f"{total:064x}"


def _row_digest(row: Sequence[Any]) -> bytes:
    return hashlib.sha256("\x1f".join(map(_spelled, row)).encode("utf-8", "surrogatepass")).digest()


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return repr(value)


def _refuse_strange_rows(reading: Connection, target: Database, table: Table) -> None:
    """A target of its own history would be mixed up with this one."""
    keys = tuple(table.primary_key.columns)
    with target.reading() as there:
        for batch in _batches(there, select(*keys), table):
            names = [tuple(row) for row in batch]
            found = {tuple(row) for row in reading.execute(select(*keys).where(_among(keys, names)))}
            if len(found) < len(names):
                raise CopyError(
                    f"the target's {table.name} holds {len(names) - len(found)} rows that the source does not have; "
                    "name an empty database, or one that an earlier copy of this store was cut short in"
                )


def _copy_table(reading: Connection, target: Database, table: Table) -> int:
    keys = tuple(table.primary_key.columns)
    written = 0
    for batch in _batches(reading, select(table), table):
        with target.writing() as there:
            names = [tuple(getattr(row, key.name) for key in keys) for row in batch]
            present = {
                tuple(getattr(row, key.name) for key in keys): row
                for row in there.execute(select(table).where(_among(keys, names)))
            }
            missing = [row for row, name in zip(batch, names, strict=True) if name not in present]
            other = [
                (name, row)
                for row, name in zip(batch, names, strict=True)
                if name in present and tuple(present[name]) != tuple(row)
            ]
            insert_rows(there, table, [row._asdict() for row in missing])
            for name, row in other:
                place = _among(keys, [name])
                there.execute(update(table).where(place).values(row._asdict()))
        written += len(missing) + len(other)
    return written


def _batches(connection: Connection, statement: Select[Any], table: Table) -> Iterator[Sequence[Row[Any]]]:
    keys = tuple(table.primary_key.columns)
    ordered = statement.order_by(*keys).limit(AT_A_TIME)
    last: tuple[Any, ...] | None = None
    while True:
        after = ordered if last is None else ordered.where(_after(keys, last))
        rows = connection.execute(after).all()
        if not rows:
            return
        yield rows
        last = tuple(getattr(rows[-1], key.name) for key in keys)


def _after(keys: Sequence[ColumnElement[Any]], last: Sequence[Any]) -> ColumnElement[bool]:
    return keys[0] > last[0] if len(keys) == 1 else tuple_(*keys) > tuple(last)


def _among(keys: Sequence[ColumnElement[Any]], names: Sequence[Sequence[Any]]) -> ColumnElement[bool]:
    if len(keys) == 1:
        return keys[0].in_([name[0] for name in names])
    return tuple_(*keys).in_([tuple(name) for name in names])


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _numbered() -> Iterator[str]:
    for table in TABLES:
        if list(table.primary_key.columns.keys()) == ["id"] and table.dialect_options["sqlite"]["autoincrement"]:
            yield table.name


def _copy_numbers(reading: Connection, target: Database) -> None:
    """A number is never given twice: the target goes on counting where the source is, deleted rows included."""
    last = {name: _last_number(reading, name) for name in _numbered()}
    with target.writing() as there:
        for name, number in last.items():
            told = {"name": name if target.is_sqlite else f"{name}_id_seq", "number": number}
            if target.is_sqlite:
                there.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), told)
                there.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), told)
            elif number:
                there.execute(text("SELECT setval(:name, :number)"), told)


def _last_number(connection: Connection, table: str) -> int:
    if connection.dialect.name == "sqlite":
        statement = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(connection.execute(statement, {"name": table}).scalar() or 0)
    row = connection.execute(text(f'SELECT last_value, is_called FROM "{table}_id_seq"')).one()  # noqa: S608 - our own
    return int(row.last_value) if row.is_called else 0
