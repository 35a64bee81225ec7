import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database, open_database
from storage.errors import (
    DatabaseDamagedError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseUnreachableError,
    DatabaseUnwritableError,
)
from storage.store import open_store
from tests.conftest import REPOSITORY
from tests.storage.conftest import Builder


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'undercut.sqlite'}")
    with database.reading() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        }
    database.dispose()
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "trusted_schema": 0,
    }


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "no-such://x"])
def test_a_url_that_is_none_is_said(url: str) -> None:
    with pytest.raises(DatabaseUnreachableError, match="use sqlite:///FILE"):
        open_database(url)


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    path = tmp_path / "undercut.sqlite"
    path.write_bytes(b"these are not the pages you are looking for" * 100)
    with pytest.raises(DatabaseDamagedError, match="is not a database; name another file"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"these")


def test_damaged_pages_are_said(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "undercut.sqlite"
    content = bytearray(sqlite_template.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(DatabaseDamagedError, match="restore a backup"):
        open_database(f"sqlite:///{path}")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnwritableError, match="cannot make the folder"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'undercut.sqlite'}")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o755)
    for above in [folder, *folder.parents][:-2]:
        above.chmod(above.stat().st_mode | 0o055)
    script = (
        "import os, sys\n"
        "from storage.database import open_database\n"
        "from storage.errors import DatabaseUnwritableError\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try: open_database(sys.argv[1])\n"
        "except DatabaseUnwritableError as error: print(error)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, f"sqlite:///{folder / 'undercut.sqlite'}"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "cannot be opened; check that its folder exists and may be written" in answer.stdout, answer.stderr


def test_a_lock_that_is_never_let_go_is_said(sqlite_template: Path, tmp_path: Path) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "undercut.sqlite")
    database = open_database(f"sqlite:///{path}")
    sa.event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout = 1"))
    database.dispose()
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseLockedError, match="is held by another process"), database.writing():
            pass
    other.close()
    database.dispose()


def test_postgresql_that_is_not_there_is_said_without_the_password() -> None:
    with pytest.raises(DatabaseUnreachableError, match="cannot be reached") as told:
        open_database("postgresql://someone:secret@127.0.0.1:1/none")
    assert "secret" not in str(told.value)
    assert "someone:***@127.0.0.1:1" in str(told.value)


def test_a_full_disk_keeps_what_was_acknowledged_and_resumes(
    sqlite_template: Path, tmp_path: Path, build: Builder
) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "undercut.sqlite")
    store = open_store(f"sqlite:///{path}", tmp_path, clock=build.clock)
    limits: list[int] = [10_000_000]
    sa.event.listen(
        store.database.engine, "connect", lambda raw, _: raw.execute(f"PRAGMA max_page_count = {limits[0]}")
    )

    def limit(pages: int) -> None:
        limits[0] = pages
        store.database.dispose()

    with store.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit(pages + 8)
    acknowledged: list[str] = []

    def record_until_full() -> None:
        for number in range(1000):
            store.record(build.page(build.assessed(str(number), "long text " * 200)))
            acknowledged.append(str(number))
            build.clock.advance(seconds=1)

    with pytest.raises(DatabaseFullError, match="free space"):
        record_until_full()
    assert set(store.histories.of("relay/example", acknowledged)) == set(acknowledged)
    assert store.alerts.count() == len(acknowledged)
    limit(10_000_000)
    store.record(build.page(build.assessed("after")))
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    store.close()


def test_threads_that_write_wait_for_one_another(open_store_database: Callable[[], Database]) -> None:
    databases = [open_store_database() for _ in range(2)]
    counter = sa.Table("counter", sa.MetaData(), sa.Column("count", sa.Integer))
    with databases[0].writing() as connection:
        counter.create(connection)
        connection.execute(sa.insert(counter), {"count": 0})

    def count_up(database: Database) -> None:
        for _ in range(25):
            with database.writing() as connection:
                held = connection.execute(sa.select(counter.c.count).with_for_update()).scalar_one()
                connection.execute(sa.update(counter).values(count=held + 1))

    threads = [threading.Thread(target=count_up, args=(databases[number % 2],)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with databases[1].reading() as connection:
        assert connection.execute(sa.select(counter.c.count)).scalar_one() == 100


def test_a_defect_of_ours_is_not_dressed_up(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.writing() as connection:
        connection.execute(sa.text("SELECT no_such_column FROM listings"))
