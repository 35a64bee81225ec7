import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import migrating
from storage.database import Database, open_database
from storage.errors import DatabaseVersionError
from storage.tables import metadata


def differences(database: Database) -> list[object]:
    with database.reading() as connection:
        opts = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or not is_an_index(name)}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, metadata))


def is_an_index(name: str | None) -> bool:
    # Each database searches with a kind of table of its own, which SQLite divides into further ones.
    return name is not None and name.startswith(("search_index", "search_documents"))


def table_names(database: Database) -> set[str]:
    with database.reading() as connection:
        return {name for name in sa.inspect(connection).get_table_names() if not is_an_index(name)}


def test_head_is_the_newest_file() -> None:
    newest = max(path.name.split("_")[0] for path in (migrating.FOLDER / "versions").glob("[0-9]*.py"))
    assert newest == migrating.HEAD


def test_migrations_make_what_the_tables_say(database: Database) -> None:
    assert differences(database) == []
    assert table_names(database) == {*metadata.tables, "alembic_version"}


def test_every_migration_goes_up_and_down(empty_database_url: str) -> None:
    database = open_database(empty_database_url, migrate=False)
    revisions = sorted(path.name.split("_")[0] for path in (migrating.FOLDER / "versions").glob("[0-9]*.py"))
    shapes = [table_names(database) - {"alembic_version"}]
    for revision in revisions:
        migrating.migrate_to(database.engine, database.name, revision)
        shapes.append(table_names(database) - {"alembic_version"})
    for revision, shape in zip(["base", *revisions[:-1]][::-1], shapes[:-1][::-1], strict=True):
        migrating.migrate_to(database.engine, database.name, revision)
        assert table_names(database) - {"alembic_version"} == shape
    assert shapes[0] == set()
    database.migrate()
    assert differences(database) == []
    database.dispose()


def test_opening_again_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        database = open_database(database_url)
        assert differences(database) == []
        database.dispose()


def test_a_newer_database_is_refused_by_name(database: Database, database_url: str) -> None:
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseVersionError, match=r"newer Undercut \(migration 9999.*run the newer version"):
        open_database(database_url)


def test_a_database_of_another_program_is_refused(empty_database_url: str) -> None:
    database = open_database(empty_database_url, migrate=False)
    with database.writing() as connection:
        connection.execute(sa.text("CREATE TABLE somebody_elses (x integer)"))
    with pytest.raises(DatabaseVersionError, match="another program"):
        database.migrate()
    database.dispose()


def test_a_failed_migration_leaves_nothing(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = open_database(empty_database_url, migrate=False)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        database.migrate()
    assert table_names(database) == set()
    database.dispose()
