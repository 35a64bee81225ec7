"""Numbers for rows, taken before the rows are written: a page's rows can then name one another and go in batches.

Only inside a writing transaction. A number is never given twice, even after the row that bore it is deleted.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text


def take_numbers(connection: Connection, wanted: Mapping[str, int]) -> dict[str, list[int]]:
    """For each table, as many new row numbers as wanted, rising."""
    if connection.dialect.name == "sqlite":
        return _from_sqlite(connection, wanted)
    return {table: _from_sequence(connection, table, count) for table, count in wanted.items()}


def _from_sqlite(connection: Connection, wanted: Mapping[str, int]) -> dict[str, list[int]]:
    # The transaction is the only writer, and SQLite moves this counter along when a row with its number is inserted.
    counters = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
    last = {counter.name: counter.seq for counter in counters}
    return {table: [last.get(table, 0) + 1 + n for n in range(count)] for table, count in wanted.items()}


def _from_sequence(connection: Connection, table: str, count: int) -> list[int]:
    if not count:
        return []
    statement = text("SELECT nextval(:sequence) FROM generate_series(1, :count)")
    return list(connection.execute(statement, {"sequence": f"{table}_id_seq", "count": count}).scalars())
