"""One database by its URL: SQLite in a file for one machine, PostgreSQL for several, with the same tables and rules."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from storage.errors import DatabaseUnreachableError, DatabaseUnwritableError
from storage.failures import explained
from storage.migrating import migrate_to_head

BUSY_SECONDS = 30
_WRITES = "undercut_writes"

# FULL syncs the write-ahead log at every commit: what was acknowledged survives a power cut, not only a crash.
# Checkpoints come every 16 MB of log instead of 4, since each one syncs the whole file.
_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    # What is deleted is overwritten: erasing a listing must not leave it in a free page.
    "PRAGMA secure_delete = ON",
)


class Database:
    """An open database: transactions to read and to write in, and its engine for what needs more.

    Threads may share it. On SQLite one transaction writes at a time: the lock is taken at its start, so that no
    transaction fails half-way because another one wrote in between.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = engine.url.render_as_string(hide_password=True)
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writer = engine.execution_options(**{_WRITES: True})
        self._turn: AbstractContextManager[Any] = threading.RLock() if self.is_sqlite else nullcontext()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database and changes nothing."""
        with explained(self.name), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that sees the database as it is at its first statement, however long it lasts."""
        with explained(self.name), self.engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept whole when the block ends, and not at all when it raises."""
        with explained(self.name), self._turn, self._writer.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables to this version's shape; does nothing where they have it."""
        with explained(self.name), self._turn:
            migrate_to_head(self.engine, self.name)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str, *, migrate: bool = True) -> Database:
    """Open the database at an SQLAlchemy URL (`sqlite:///FILE`, `postgresql://...`), making and migrating it as needed.

    Raises DatabaseUnreachableError, DatabaseUnwritableError, DatabaseDamagedError, DatabaseLockedError,
    DatabaseFullError or DatabaseVersionError, each saying which database and what to do.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        database = Database(_sqlite_engine(parsed))
    else:
        database = Database(_postgresql_engine(parsed))
    try:
        if database.is_sqlite:
            _use_write_ahead_log(database)
        if migrate:
            database.migrate()
    except BaseException:
        database.dispose()
        raise
    return database


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseUnreachableError("that is not a database URL; use sqlite:///FILE or postgresql://...") from error
    if backend not in {"sqlite", "postgresql"}:
        raise DatabaseUnreachableError(f"no {backend} here; use sqlite:///FILE or postgresql://...")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise DatabaseUnreachableError("a memory that is gone with the process is none; use sqlite:///FILE")
    return parsed


def _sqlite_engine(url: URL) -> Engine:
    folder = Path(str(url.database)).absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise DatabaseUnwritableError(f"cannot make the folder {folder}: {error.strerror}; name another") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    # The module would begin transactions by itself, too late and never IMMEDIATE; `_begin_sqlite` does it instead.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _use_write_ahead_log(database: Database) -> None:
    # A property of the file, set once: readers never wait for the writer from then on. Not possible inside BEGIN.
    with explained(database.name):
        raw = database.engine.raw_connection()
        try:
            mode = raw.cursor().execute("PRAGMA journal_mode").fetchone()[0]
            if mode != "wal":
                raw.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            raw.close()


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        paramstyle="format",  # parameters by place, as `storage.batches` hands them over
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=30s", "connect_timeout": 10},
    )
