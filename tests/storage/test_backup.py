"""A backup holds one moment, and comes back whole into an empty place only."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from storage.backup import back_up, read_backup, restore
from storage.errors import BackupError, MasterKeyError
from storage.store import Store, open_store
from tests.storage.conftest import Builder


def record(store: Store, build: Builder, number: int) -> None:
    body = f"page {number} 余额".encode() * 50
    sha256 = store.evidence.keep(body)
    build.clock.advance(hours=1)
    store.record(build.page(build.assessed(str(number)), sha256=sha256, body_bytes=len(body)))


@pytest.fixture
def filled(store: Store, build: Builder) -> Store:
    for number in range(5):
        record(store, build, number)
    store.evidence.signing_key()
    return store


def back_up_to(store: Store, folder: Path, build: Builder) -> None:
    back_up(store.database, store.evidence, folder, build.clock(), "0.1.0")


def restored(folder: Path, place: Path, key: Path) -> Store:
    place.mkdir()
    (place / "master.key").write_bytes(key.read_bytes())
    (place / "master.key").chmod(0o600)
    restore(folder, f"sqlite:///{place / 'undercut.sqlite'}", place)
    return open_store(f"sqlite:///{place / 'undercut.sqlite'}", place)


def test_a_backup_comes_back_whole(filled: Store, build: Builder, tmp_path: Path) -> None:
    back_up_to(filled, tmp_path / "backup", build)
    store = restored(tmp_path / "backup", tmp_path / "place", tmp_path / "master.key")
    report = store.verify([filled.custody.head()])
    assert (report.whole, report.bodies) == (True, 5), report.problems
    assert store.evidence.signing_key().private_bytes_raw() == filled.evidence.signing_key().private_bytes_raw()
    store.close()
    assert not list((tmp_path / "backup").rglob("master.key"))
    assert not list((tmp_path / "place").glob("restoring*"))


def test_a_backup_is_consistent_while_others_write(
    filled: Store, build: Builder, open_store_again: Callable[[], Store], tmp_path: Path
) -> None:
    writer, stop = open_store_again(), threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            record(writer, build, number)
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(3):
            back_up_to(filled, tmp_path / "backup", build)
    finally:
        stop.set()
        thread.join()
    store = restored(tmp_path / "backup", tmp_path / "place", tmp_path / "master.key")
    report = store.verify()
    assert report.whole, report.problems
    assert report.bodies == read_backup(tmp_path / "backup").bodies >= 5
    store.close()


def test_a_later_backup_forgets_what_was_forgotten(filled: Store, build: Builder, tmp_path: Path) -> None:
    back_up_to(filled, tmp_path / "backup", build)
    build.clock.now += timedelta(days=800)
    assert sum(filled.retention.purge(actor="job").bodies.values()) == 5
    back_up_to(filled, tmp_path / "backup", build)
    assert list((tmp_path / "backup" / "evidence").glob("??/*.sealed")) == []


def test_a_backup_that_was_changed_is_refused(filled: Store, build: Builder, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    back_up_to(filled, folder, build)
    one = next((folder / "evidence").glob("??/*.sealed"))
    content = one.read_bytes()
    one.unlink()
    with pytest.raises(BackupError, match="5 bodies"):
        read_backup(folder)
    one.write_bytes(content)
    read_backup(folder)
    database = bytearray((folder / "undercut.sqlite").read_bytes())
    database[5000] ^= 1
    (folder / "undercut.sqlite").write_bytes(database)
    with pytest.raises(BackupError, match="changed since"):
        read_backup(folder)


def test_nothing_is_restored_over_a_memory_or_without_the_key(filled: Store, build: Builder, tmp_path: Path) -> None:
    back_up_to(filled, tmp_path / "backup", build)
    store = restored(tmp_path / "backup", tmp_path / "place", tmp_path / "master.key")
    with pytest.raises(BackupError, match="never over one"):
        restore(tmp_path / "backup", store.database.engine.url.render_as_string(), tmp_path / "place")
    store.close()
    bare = tmp_path / "bare"
    restore(tmp_path / "backup", f"sqlite:///{bare / 'undercut.sqlite'}", bare)
    with pytest.raises(MasterKeyError, match="master key"):
        open_store(f"sqlite:///{bare / 'undercut.sqlite'}", bare)
