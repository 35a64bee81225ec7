"""Errors of the two databases, told as what happened and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.exc import DBAPIError

from storage.errors import (
    DatabaseDamagedError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseUnreachableError,
    DatabaseUnwritableError,
    StorageError,
)

_SQLITE_MEANINGS: tuple[tuple[tuple[str, ...], type[StorageError], str], ...] = (
    (("SQLITE_FULL", "SQLITE_IOERR"), DatabaseFullError, "cannot be written further; free space on its disk"),
    (("SQLITE_BUSY", "SQLITE_LOCKED"), DatabaseLockedError, "is held by another process; end that one, or try again"),
    (("SQLITE_NOTADB",), DatabaseDamagedError, "is not a database; name another file, or restore a backup"),
    (("SQLITE_CORRUPT",), DatabaseDamagedError, "is damaged; restore a backup (sqlite3 FILE .recover may save rows)"),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH"),
        DatabaseUnwritableError,
        "may not be written; check the owner and mode of the file and its folder",
    ),
    (
        ("SQLITE_CANTOPEN",),
        DatabaseUnwritableError,
        "cannot be opened; check that its folder exists and may be written",
    ),
)
_POSTGRESQL_MEANINGS: tuple[tuple[type[psycopg.Error], type[StorageError], str], ...] = (
    (psycopg.errors.DiskFull, DatabaseFullError, "is out of space; free some, nothing of this step was kept"),
    (psycopg.errors.LockNotAvailable, DatabaseLockedError, "is locked by another session; try again"),
    (psycopg.errors.InsufficientPrivilege, DatabaseUnwritableError, "refuses our role; grant it what it needs"),
    (
        psycopg.errors.ReadOnlySqlTransaction,
        DatabaseUnwritableError,
        "is read-only (a standby?); name the primary in the URL",
    ),
    (psycopg.errors.DataCorrupted, DatabaseDamagedError, "reports damaged data; restore a backup"),
    (psycopg.errors.IndexCorrupted, DatabaseDamagedError, "reports a damaged index; REINDEX it"),
    (psycopg.OperationalError, DatabaseUnreachableError, "cannot be reached; check the URL and that it runs"),
)


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn what a database refuses into our errors; `name` is the database as a person knows it, without a password.

    What is no condition of the database but a defect of ours (a broken constraint, say) passes unchanged.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error, psycopg.Error) as error:
        # A connection that is being made is not SQLAlchemy's yet, and its errors come as they are.
        original = error.orig if isinstance(error, DBAPIError) else error
        meaning = _meaning(original)
        if meaning is None:
            raise
        kind, advice = meaning
        raise kind(f"database {name} {advice} ({_first_line(original)})") from error


def _meaning(original: BaseException | None) -> tuple[type[StorageError], str] | None:
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorname", "")
        for prefixes, kind, advice in _SQLITE_MEANINGS:
            if code.startswith(prefixes):
                return kind, advice
    if isinstance(original, psycopg.Error):
        for condition, kind, advice in _POSTGRESQL_MEANINGS:
            if isinstance(original, condition):
                return kind, advice
    return None


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
