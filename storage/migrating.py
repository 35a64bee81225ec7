"""The tables' shape, brought up to date (or back) step by step by Alembic, in one transaction."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from storage.errors import DatabaseVersionError

HEAD = "0015"
"""The newest migration; a test holds it to the folder, so that opening a current database need not load Alembic."""

FOLDER = Path(__file__).resolve().parent / "migrations"
_ADVISORY_LOCK = 7_305_811_421


def current_revision(connection: Connection) -> str | None:
    """The migration that the database stands at, None for an empty one; refuses a database that is not ours."""
    tables = set(inspect(connection).get_table_names())
    if "alembic_version" in tables:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if revision is not None:
            return str(revision)
        tables.discard("alembic_version")
    if tables:
        raise DatabaseVersionError("holds tables of another program; name a database of its own for Undercut")
    return None


def migrate_to_head(engine: Engine, name: str) -> None:
    """Bring the database to HEAD; raises DatabaseVersionError for one of a newer Undercut or of another program."""
    migrate_to(engine, name, HEAD)


def migrate_to(engine: Engine, name: str, target: str) -> None:
    """Bring the database to the target migration (`base` takes everything away), all steps or none."""
    with engine.execution_options(undercut_writes=True).connect() as connection:
        # Quick way first: only a database that is behind is locked, and only then is Alembic loaded.
        if _checked_revision(connection, name) == target:
            return
        connection.rollback()
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
            revision = _checked_revision(connection, name)
            if revision != target:
                _run(connection, name, revision, target)


def _checked_revision(connection: Connection, name: str) -> str | None:
    try:
        return current_revision(connection)
    except DatabaseVersionError as error:
        raise DatabaseVersionError(f"database {name} {error}") from error


def _run(connection: Connection, name: str, revision: str | None, target: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseVersionError(
            f"database {name} was made by a newer Undercut (migration {revision}, this one knows up to {HEAD}); "
            "run the newer version, or restore the backup from before its upgrade"
        )
    if _is_forward(revision, target):
        command.upgrade(config, target)
    else:
        command.downgrade(config, target)


def _is_forward(revision: str | None, target: str) -> bool:
    # Migrations are numbered, so that their order is the order of their names; `base` comes before all.
    return target != "base" and (revision is None or revision < target)
