"""Is everything still what it was? Walks the chain and every row that it commits to, and names what is not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, select, tuple_

from storage.custody.chain import GENESIS, Head, entry_digest
from storage.custody.commitments import KINDS, commit, identity, key_columns
from storage.custody.seeing import SEEN, commit_seen, seen_on
from storage.tables import custody_entries, snapshots

BATCH = 200
ERASED = "erased"
FORGOTTEN = "forgotten"
"""What a manifest calls a body that was forgotten on purpose; its name is the SHA-256."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was: the entry, the object (`finding 12`; empty for the entry itself), and what."""

    seq: int
    about: str
    what: str


@dataclass(frozen=True, slots=True)
class CustodyReport:
    """What a walk found.

    `anchored_to` is the highest entry that a head from outside vouches for: what came after it may have been cut off
    without a trace, and 0 says that no head was given.
    """

    head: Head
    entries: int
    objects: int
    erased: int
    anchored_to: int
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Was nothing found?"""
        return not self.problems


@dataclass(slots=True)
class _Walk:
    entries: int = 0
    objects: int = 0
    erased: int = 0
    head: Head = field(default_factory=Head)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    unseen: dict[str, int] = field(default_factory=dict)

    def wrong(self, seq: int, about: str, what: str) -> None:
        self.problems.append(Problem(seq, about, what))


def verify_custody(connection: Connection, anchors: Sequence[Head] = ()) -> CustodyReport:
    """Walk the whole log, in batches so that memory stays flat, and hold it to the heads that others kept of it."""
    walk = _Walk()
    erased = _erased_objects(connection)
    wanted = {anchor.seq: anchor.digest for anchor in anchors}
    for batch in _batches(connection):
        for entry in batch:
            _check_entry(walk, entry)
            if wanted.get(entry.seq, entry.digest) != entry.digest:
                walk.wrong(entry.seq, "", "is not the entry that the anchored head names: the log was written anew")
        _check_objects(connection, walk, batch, erased)
        _check_seen(connection, walk, batch)
    for name, seq in walk.unseen.items():
        walk.wrong(seq, f"snapshot {name}", "was seen to show other listings, or at another time, than the log says")
    for seq in sorted(wanted):
        if seq > walk.head.seq:
            walk.wrong(seq, "", f"is missing: the log ends at entry {walk.head.seq}, but a head of {seq} was anchored")
    _check_uncovered(connection, walk)
    anchored_to = max((seq for seq in wanted if seq <= walk.head.seq), default=0)
    return CustodyReport(walk.head, walk.entries, walk.objects, walk.erased, anchored_to, tuple(walk.problems))


def _batches(connection: Connection) -> Iterator[Sequence[Row[Any]]]:
    last = None
    while True:
        statement = select(custody_entries).order_by(custody_entries.c.seq).limit(BATCH)
        if last is not None:
            statement = statement.where(custody_entries.c.seq > last)
        rows = connection.execute(statement).all()
        if not rows:
            return
        yield rows
        last = rows[-1].seq


def _check_entry(walk: _Walk, entry: Row[Any]) -> None:
    expected = walk.head.seq + 1
    if entry.seq != expected:
        missing = f"entry {expected}" if entry.seq == expected + 1 else f"entries {expected} to {entry.seq - 1}"
        walk.wrong(expected, "", f"{missing} missing before entry {entry.seq}")
    elif entry.previous != (walk.head.digest if walk.entries else GENESIS):
        walk.wrong(entry.seq, "", "does not follow the entry before it: one of the two was changed or moved")
    if entry_digest(entry.seq, entry.at, entry.actor, entry.action, entry.manifest, entry.previous) != entry.digest:
        walk.wrong(entry.seq, "", "was changed: its digest does not fit its content")
    walk.entries += 1
    walk.head = Head(entry.seq, entry.digest)


def _manifest(entry: Row[Any]) -> list[tuple[str, str, str]]:
    """The manifest, empty where it is no manifest any more (the entry's digest then says so)."""
    try:
        return [(str(kind), str(name), str(commitment)) for kind, name, commitment in orjson.loads(entry.manifest)]
    except (orjson.JSONDecodeError, TypeError, ValueError):
        return []


def _check_objects(
    connection: Connection, walk: _Walk, batch: Sequence[Row[Any]], erased: frozenset[tuple[str, str]]
) -> None:
    listed = [(entry.seq, *item) for entry in batch for item in _manifest(entry) if item[0] in KINDS]
    rows = {kind: _rows(connection, kind, [name for _, k, name, _ in listed if k == kind]) for kind in KINDS}
    for seq, kind, name, commitment in listed:
        about, row = f"{kind} {name}", rows[kind].get(name)
        walk.objects += 1
        if row is not None:
            walk.seen[kind] += 1
        if (kind, name) in erased and (row is None or row["salt"] is None):
            walk.erased += 1
        elif row is None:
            walk.wrong(seq, about, "is missing, and no erasure says why")
        elif row["salt"] is None:
            walk.wrong(seq, about, "lost its salt, and no erasure says why")
        elif commit(kind, row, row["salt"]) != commitment:
            walk.wrong(seq, about, "was changed: it does not fit its commitment")


def _check_seen(connection: Connection, walk: _Walk, batch: Sequence[Row[Any]]) -> None:
    """Sightings page by page; the newest commitment of a page holds, so that a later one may put an earlier right."""
    listed = {item[1]: (entry.seq, item[2]) for entry in batch for item in _manifest(entry) if item[0] == SEEN}
    pages = [int(name) for name in listed if name.isdecimal()]
    there = seen_on(connection, pages)
    statement = select(snapshots.c.id, snapshots.c.salt).where(snapshots.c.id.in_(pages))
    salts: dict[int, bytes | None] = {row.id: row.salt for row in connection.execute(statement)}
    for name, (seq, commitment) in listed.items():
        walk.objects += 1
        salt = salts.get(int(name)) if name.isdecimal() else None
        if salt is None:
            continue  # a page that is erased or gone is said to be so where its own row is looked at
        if commit_seen(there[int(name)], salt) != commitment:
            walk.unseen[name] = seq
        else:
            walk.unseen.pop(name, None)


def _rows(connection: Connection, kind: str, names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    table, keys = KINDS[kind], key_columns(kind)
    found: dict[str, Mapping[str, Any]] = {}
    wanted = [key for name in names if (key := _key(name, len(keys))) is not None]
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        if len(keys) == 1:
            statement = select(table).where(table.c[keys[0]].in_([key[0] for key in part]))
        else:
            statement = select(table).where(tuple_(*(table.c[key] for key in keys)).in_(part))
        for row in connection.execute(statement):
            values = row._asdict()
            found[identity(kind, values)] = values
    return found


def _key(name: str, parts: int) -> tuple[Any, ...] | None:
    *front, last = name.rsplit(".", parts - 1)
    return (*front, int(last)) if last.isdecimal() and len(front) == parts - 1 else None


def _erased_objects(connection: Connection) -> frozenset[tuple[str, str]]:
    statement = select(custody_entries.c.manifest).where(custody_entries.c.action == ERASED)
    found = set()
    for entry in connection.execute(statement):
        for kind, name, _ in _manifest(entry):
            if kind == ERASED:
                erased_kind, _, erased_name = name.partition(" ")
                found.add((erased_kind, erased_name))
    return frozenset(found)


def _check_uncovered(connection: Connection, walk: _Walk) -> None:
    for kind, table in KINDS.items():
        there = connection.execute(
            select(func.count()).select_from(table).where(table.c.salt.is_not(None))
        ).scalar_one()
        if there > walk.seen[kind]:
            walk.wrong(walk.head.seq, kind, f"{there - walk.seen[kind]} of them stand in no entry: added past the log")
