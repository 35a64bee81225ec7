"""What the two databases spell in dialects of their own: insert unless it is there, and wait for one another."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Table, text
from sqlalchemy.dialects import postgresql, sqlite


def insert_or_ignore(connection: Connection, table: Table) -> Insert:
    """Insert a row; one that is there already (by any unique key) stays as it is."""
    return insert_or_ignore_for(connection.dialect, table)


def insert_or_ignore_for(dialect: Dialect, table: Table) -> Insert:
    """The same, for a dialect."""
    if dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


def insert_or_update(connection: Connection, table: Table, *, key: Sequence[str], update: Sequence[str]) -> Insert:
    """Insert a row, or set the named columns of the one with the same key."""
    if connection.dialect.name == "postgresql":
        insert: Any = postgresql.insert(table)
    else:
        insert = sqlite.insert(table)
    changed = {name: insert.excluded[name] for name in update}
    statement: Insert = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
    return statement


def take_turn(connection: Connection, topic: str) -> None:
    """Wait until no other transaction has the turn of this topic, and keep it to the end of this one.

    SQLite lets one transaction write at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:topic, 0))"), {"topic": topic})
