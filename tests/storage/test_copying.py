"""A memory moves to another database whole, however often the move is cut short."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import copying
from storage.copying import TABLES, copy_database, digest_of
from storage.database import Database, open_database
from storage.errors import CopyError
from storage.evidence import open_evidence
from storage.search.query import Search
from storage.store import Store
from storage.tables import alerts, listings, outbox
from tests.storage.conftest import Builder

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture
def filled(open_store_again: Callable[[], Store], build: Builder) -> Store:
    store = open_store_again()
    for number in range(4):
        body = f"page {number}".encode()
        sha256 = store.evidence.keep(body)
        shown = [build.assessed("1", f"text {number} 额度 \x00\ud800"), build.assessed(f"other {number}", share=None)]
        store.record(build.page(*shown, sha256=sha256, body_bytes=len(body)))
        build.clock.advance(hours=1, microseconds=1)
    store.custody.sign_head(store.evidence.signing_key())
    store.retention.purge(actor="job")
    return store


@pytest.fixture(params=DATABASES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path / 'other' / 'undercut.sqlite'}")
    else:
        database = open_database(_fresh(request.getfixturevalue("postgresql")))
    yield database
    database.dispose()


def _fresh(server: str) -> str:
    import psycopg

    name = "copied"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")


def same(one: Database, other: Database) -> bool:
    with one.reading() as here, other.reading() as there:
        return all(digest_of(here, table) == digest_of(there, table) for table in TABLES)


def test_a_copy_is_the_same_verifies_searches_and_goes_on_counting(
    filled: Store, target: Database, build: Builder, tmp_path: Path
) -> None:
    done = copy_database(filled.database, target)
    assert same(filled.database, target)
    assert done.rows["listings"] == 5
    copy = Store(target, open_evidence(tmp_path / "evidence", tmp_path / "master.key"), build.clock)
    report = copy.verify([filled.custody.head()])
    assert report.whole, report.problems
    assert copy.search.search(Search("额度")).found == 1
    build.clock.advance(days=1)
    new = build.page(build.assessed("new"), sha256=copy.evidence.keep(b"new page"))
    assert copy.record(new).new_listings == 1
    assert copy.verify().whole


def test_a_copy_that_was_cut_short_goes_on(
    filled: Store, target: Database, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "AT_A_TIME", 2)
    done: list[str] = []

    def until_findings(name: str, rows: int) -> None:
        done.append(name)
        if name == "findings":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_database(filled.database, target, until_findings)
    # Meanwhile the source goes on, and what was copied already is no longer the newest.
    filled.record(build.page(build.assessed("1", "newest"), sha256=filled.evidence.keep(b"newest")))
    copied = copy_database(filled.database, target)
    assert same(filled.database, target)
    assert 0 < copied.written < sum(copied.rows.values())


def test_a_database_with_a_history_of_its_own_is_refused(filled: Store, target: Database) -> None:
    copy_database(filled.database, target)
    with target.writing() as connection:
        connection.execute(sa.text("INSERT INTO source_states SELECT 'strange', last_state, last_reason, last_page_at, "
                                   "last_success_at, pages, refused_pages, misread_pages, listings_seen, "
                                   "refusals_in_a_row FROM source_states LIMIT 1"))  # fmt: skip
    with pytest.raises(CopyError, match="source_states"):
        copy_database(filled.database, target)


def test_what_a_copy_changes_on_its_way_is_found(filled: Store, target: Database) -> None:
    copy_database(filled.database, target)
    with target.writing() as connection:
        connection.execute(sa.update(outbox).values(detail="changed"))
        connection.execute(sa.update(listings).values(url="https://other.example.test/"))
        connection.execute(sa.update(alerts).values(title="changed"))
    assert not same(filled.database, target)
    copied = copy_database(filled.database, target)
    assert same(filled.database, target)
    assert copied.written == sum(copied.rows[name] for name in ("alerts", "listings", "outbox"))
