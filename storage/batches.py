"""Many rows in one statement, at the speed of the driver.

SQLAlchemy prepares every parameter of every row anew; for the thousands of rows a second that the line writes that took
longer than the databases did. Here a statement is compiled from its table once for each dialect, with the same column
types, and rows go to the driver as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Table, bindparam, insert, update
from sqlalchemy.sql.dml import UpdateBase

from storage.statements import insert_or_ignore_for

Row = Mapping[str, Any]
_Prepared = tuple[str, tuple[str, ...], list[tuple[int, Callable[[Any], Any]]]]
_KEY = "row"


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row], *, or_ignore: bool = False) -> None:
    """Insert rows that give every column; `or_ignore` leaves rows as they are that are there already."""
    if rows:
        _run(connection, _insert(table, or_ignore, connection.dialect), rows)


def update_rows(connection: Connection, table: Table, key: str, names: tuple[str, ...], rows: Sequence[Row]) -> None:
    """Set the named columns of rows whose `key` column is the row's `row`."""
    if rows:
        _run(connection, _update(table, key, names, connection.dialect), rows)


def _run(connection: Connection, prepared: _Prepared, rows: Sequence[Row]) -> None:
    statement, names, processors = prepared
    parameters = []
    for row in rows:
        values = [row[name] for name in names]
        for place, process in processors:
            values[place] = process(values[place])
        parameters.append(tuple(values))
    connection.exec_driver_sql(statement, parameters)


@lru_cache(maxsize=64)
def _insert(table: Table, or_ignore: bool, dialect: Dialect) -> _Prepared:
    names = [column.name for column in table.columns]
    statement = insert_or_ignore_for(dialect, table) if or_ignore else insert(table)
    return _prepare(statement, table, names, dict(zip(names, names, strict=True)), dialect)


@lru_cache(maxsize=64)
def _update(table: Table, key: str, names: tuple[str, ...], dialect: Dialect) -> _Prepared:
    statement = update(table).where(table.c[key] == bindparam(_KEY)).values({name: bindparam(name) for name in names})
    return _prepare(statement, table, [], {**dict(zip(names, names, strict=True)), _KEY: key}, dialect)


def _prepare(
    statement: UpdateBase, table: Table, column_keys: list[str], columns: dict[str, str], dialect: Dialect
) -> _Prepared:
    """`columns` maps each parameter's name to the column whose type it has."""
    compiled = statement.compile(dialect=dialect, column_keys=column_keys or None)
    order = tuple(compiled.positiontup or ())
    processors = [
        (place, cast("Callable[[Any], Any]", process))
        for place, name in enumerate(order)
        if (process := table.c[columns[name]].type.bind_processor(dialect)) is not None
    ]
    return str(compiled), order, processors
