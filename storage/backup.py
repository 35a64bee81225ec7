"""Backup and restore: one folder that holds the memory as it was at one moment, consistent while crawls write on.

    undercut.sqlite   the database, whatever it is kept in otherwise
    evidence/         the sealed bodies, as they lie; without the master key nobody can open them
    signing.key       sealed with the master key too
    backup.json       when it was made, digests, and the head of the custody log

A second backup into the same folder copies only new bodies and takes away those that were forgotten since.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy import func, select

from storage.copying import copy_database
from storage.custody.chain import Head, head_of
from storage.database import Database, open_database
from storage.errors import BackupError, EvidenceMissingError
from storage.evidence import EvidenceStore
from storage.files import make_folder, sync_folder, write_whole
from storage.migrating import HEAD
from storage.signing_key import FILE as SIGNING_KEY
from storage.tables import custody_entries, evidence_objects

DATABASE: Final = "undercut.sqlite"
MANIFEST: Final = "backup.json"
EVIDENCE: Final = "evidence"
_PARTS: Final = "parts"
_TRIES: Final = 3
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when it was made, the log's head in it, its database's digest, and its bodies."""

    made_at: str
    version: str
    migration: str
    head: Head
    database_sha256: str
    bodies: int
    bodies_sha256: str

    def dump(self) -> bytes:
        """As `backup.json`."""
        told = {
            "undercut_backup": 1,
            "made_at": self.made_at,
            "version": self.version,
            "migration": self.migration,
            "head": {"entry": self.head.seq, "digest": self.head.digest},
            "database_sha256": self.database_sha256,
            "bodies": self.bodies,
            "bodies_sha256": self.bodies_sha256,
        }
        return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def back_up(database: Database, evidence: EvidenceStore, folder: Path, now: datetime, version: str) -> Backup:
    """Write a backup into a folder (made where it is not there); raises BackupError."""
    make_folder(folder / EVIDENCE / _PARTS)
    for _ in range(_TRIES):
        copy = _copy_of(database, folder)
        lost = _copy_bodies(copy, evidence, folder / EVIDENCE)
        if not lost:
            break
        if not _forgotten_meanwhile(database, lost):
            raise BackupError(f"body {lost[0]} is missing from the evidence; `undercut verify` says more")
    else:
        raise BackupError("bodies are being forgotten as fast as they are copied; wait for the purge and try again")
    backup = _describe(copy, folder, now, version)
    copy.dispose()
    _tidy(folder)
    signing_key = evidence.folder.parent / SIGNING_KEY
    if signing_key.exists():
        write_whole(folder / SIGNING_KEY, signing_key.read_bytes(), mode=0o600)
    write_whole(folder / MANIFEST, backup.dump(), mode=0o600)
    return backup


def read_backup(folder: Path) -> Backup:
    """What the backup in a folder says of itself, held to what lies there; raises BackupError."""
    try:
        told = orjson.loads((folder / MANIFEST).read_bytes())
        head = Head(int(told["head"]["entry"]), str(told["head"]["digest"]))
        backup = Backup(
            told["made_at"],
            told["version"],
            told["migration"],
            head,
            told["database_sha256"],
            int(told["bodies"]),
            told["bodies_sha256"],
        )
        digest = _file_digest(folder / DATABASE)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder} holds no whole backup: {error}") from error
    if digest != backup.database_sha256:
        raise BackupError(f"{folder / DATABASE} is not the database that {MANIFEST} names: it was changed since")
    bodies, names = _names_digest(_body_names(folder / EVIDENCE))
    if (bodies, names) != (backup.bodies, backup.bodies_sha256):
        raise BackupError(f"{folder / EVIDENCE} does not hold the {backup.bodies} bodies that {MANIFEST} names")
    return backup


def restore(folder: Path, url: str, data_folder: Path) -> Backup:
    """Bring a backup back into an empty place; raises BackupError where a memory is there already.

    The master key must lie where the installation looks for it; the backup does not hold it.
    """
    backup = read_backup(folder)
    database = open_database(url)
    try:
        with database.reading() as connection:
            there = connection.execute(select(func.count()).select_from(custody_entries)).scalar_one()
        if there:
            raise BackupError(f"{database.name} holds a memory already; restore into an empty place, never over one")
        _restore_bodies(folder / EVIDENCE, data_folder / EVIDENCE)
        if (folder / SIGNING_KEY).exists():
            write_whole(data_folder / SIGNING_KEY, (folder / SIGNING_KEY).read_bytes(), mode=0o600, replace=False)
        source = open_database(f"sqlite:///{_own_copy(folder, data_folder)}")
        try:
            copy_database(source, database)
        finally:
            source.dispose()
            _remove_database(data_folder / f"restoring-{DATABASE}")
    finally:
        database.dispose()
    return backup


def _own_copy(folder: Path, data_folder: Path) -> Path:
    # The backup itself is not opened: opening would migrate it and leave its log beside it.
    path = data_folder / f"restoring-{DATABASE}"
    _remove_database(path)
    shutil.copyfile(folder / DATABASE, path)
    return path


def _copy_of(database: Database, folder: Path) -> Database:
    path = folder / f"new-{DATABASE}"
    _remove_database(path)
    if database.is_sqlite:
        raw = database.engine.raw_connection()
        try:
            # Outside of any transaction of ours: SQLite reads one state of the file for it, and others write on.
            raw.cursor().execute("VACUUM INTO ?", (str(path),))
        finally:
            raw.close()
        path.chmod(0o600)
        return open_database(f"sqlite:///{path}")
    copy = open_database(f"sqlite:///{path}")
    copy_database(database, copy)
    return copy


def _copy_bodies(copy: Database, evidence: EvidenceStore, folder: Path) -> list[str]:
    """Copy what the backup's database says is kept, and take away what it does not: names that were not there."""
    kept: set[bytes] = set()
    lost: list[str] = []
    for name in _kept(copy):
        kept.add(bytes.fromhex(name))
        path = folder / name[:2] / f"{name}.sealed"
        if path.exists():
            continue
        try:
            evidence.open(name)
            sealed = evidence.sealed(name)
        except EvidenceMissingError:
            lost.append(name)
            continue
        make_folder(path.parent)
        write_whole(path, sealed, mode=0o400, parts=folder / _PARTS)
    for name in list(_body_names(folder)):
        if bytes.fromhex(name) not in kept:
            (folder / name[:2] / f"{name}.sealed").unlink()
    return lost


def _kept(database: Database) -> Iterator[str]:
    last = ""
    while True:
        statement = select(evidence_objects.c.sha256).where(evidence_objects.c.forgotten_at.is_(None))
        with database.reading() as connection:
            names = list(
                connection.execute(
                    statement.where(evidence_objects.c.sha256 > last).order_by(evidence_objects.c.sha256).limit(_BATCH)
                ).scalars()
            )
        if not names:
            return
        yield from names
        last = names[-1]


def _forgotten_meanwhile(database: Database, names: list[str]) -> bool:
    kept = select(func.count()).where(evidence_objects.c.sha256.in_(names), evidence_objects.c.forgotten_at.is_(None))
    with database.reading() as connection:
        return connection.execute(kept).scalar_one() == 0


def _describe(copy: Database, folder: Path, now: datetime, version: str) -> Backup:
    with copy.reading() as connection:
        head = head_of(connection)
    raw = copy.engine.raw_connection()
    try:
        # One file, without a log beside it: what is digested is all there is.
        raw.cursor().execute("PRAGMA journal_mode = DELETE")
    finally:
        raw.close()
    copy.dispose()
    (folder / f"new-{DATABASE}").replace(folder / DATABASE)
    sync_folder(folder)
    bodies, names = _names_digest(_body_names(folder / EVIDENCE))
    return Backup(now.isoformat(), version, HEAD, head, _file_digest(folder / DATABASE), bodies, names)


def _restore_bodies(source: Path, target: Path) -> None:
    make_folder(target / _PARTS)
    for name in _body_names(source):
        path = target / name[:2] / f"{name}.sealed"
        if not path.exists():
            make_folder(path.parent)
            content = (source / name[:2] / path.name).read_bytes()
            write_whole(path, content, mode=0o400, parts=target / _PARTS)


def _body_names(folder: Path) -> Iterator[str]:
    for path in folder.glob("??/*.sealed"):
        yield path.name.removesuffix(".sealed")


def _names_digest(names: Iterator[str]) -> tuple[int, str]:
    listed = sorted(names)
    return len(listed), hashlib.sha256("\n".join(listed).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{folder / DATABASE}{suffix}").unlink(missing_ok=True)
