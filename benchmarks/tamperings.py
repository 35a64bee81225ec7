"""Ways to tamper with a store and with a packet, drawn by chance, each with what a check must name."""

import io
import random
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reports import verify

ROWS = ("snapshots", "listing_versions", "findings", "alert_versions", "decisions", "custody_notes")
_NAMES = {"snapshots": "snapshot", "listing_versions": "version", "findings": "finding", "alert_versions": "alert",
          "decisions": "decision", "custody_notes": "note"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tampering:
    """What was done, and the words that a finding about it must hold."""

    what: str
    must_name: str


def tamper_store(folder: Path, chance: random.Random) -> Tampering:
    """Change one thing in a closed store."""
    return chance.choice((_flip_body, _cut_body, _remove_body, _swap_bodies, _edit_row, _remove_row, _edit_entry,
                          _remove_entry, _swap_entries, _cut_log, _edit_sighting, _strip_salt, _forget_body,
                          _edit_list))(folder, chance)  # fmt: skip


def _bodies(folder: Path) -> list[Path]:
    return sorted((folder / "evidence").glob("??/*.sealed"))


def _flip_body(folder: Path, chance: random.Random) -> Tampering:
    path = chance.choice(_bodies(folder))
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.chmod(0o600)
    path.write_bytes(content)
    return Tampering("a flipped bit of a body", path.stem)


def _cut_body(folder: Path, chance: random.Random) -> Tampering:
    path = chance.choice(_bodies(folder))
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(content[: chance.randrange(len(content))])
    return Tampering("a body cut short", path.stem)


def _remove_body(folder: Path, chance: random.Random) -> Tampering:
    path = chance.choice(_bodies(folder))
    path.unlink()
    return Tampering("a removed body", path.stem)


def _swap_bodies(folder: Path, chance: random.Random) -> Tampering:
    one, other = chance.sample(_bodies(folder), 2)
    content = one.read_bytes()
    one.chmod(0o600)
    one.write_bytes(other.read_bytes())
    other.chmod(0o600)
    other.write_bytes(content)
    return Tampering("two bodies in each other's place", one.stem)


def _edit_row(folder: Path, chance: random.Random) -> Tampering:
    table = chance.choice(ROWS)
    with _database(folder) as connection:
        row = chance.choice(connection.execute(f"SELECT rowid AS place, * FROM {table}").fetchall())  # noqa: S608
        names = [name for name, value in dict(row).items() if value is not None and _is_content(name)]
        name = chance.choice(names)
        statement = f"UPDATE {table} SET {name} = ? WHERE rowid = ?"  # noqa: S608 - our own names
        connection.execute(statement, (_other(row[name], chance), row["place"]))
        return Tampering(f"another {name} in {table}", _name(table, row))


def _is_content(name: str) -> bool:
    return name not in {"place", "id", "salt", "version", "alert_version"} and not name.endswith("_id")


def _other(value: object, chance: random.Random) -> object:
    if isinstance(value, int):
        return value + 1 + chance.randrange(1000)
    if isinstance(value, float):
        return value / 2 + 0.001
    if isinstance(value, bytes):
        changed = bytearray(value)
        changed[chance.randrange(len(changed))] ^= 1
        return bytes(changed)
    text = str(value)
    place = chance.randrange(len(text) + 1)
    return f"{text[:place]}x{text[place:]}"


def _remove_row(folder: Path, chance: random.Random) -> Tampering:
    table = chance.choice(ROWS)
    with _database(folder) as connection:
        row = chance.choice(connection.execute(f"SELECT rowid AS place, * FROM {table}").fetchall())  # noqa: S608
        connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row["place"],))  # noqa: S608
        return Tampering(f"a removed row of {table}", _name(table, row))


def _name(table: str, row: sqlite3.Row) -> str:
    number = f"{row['alert_id']}.{row['version']}" if table == "alert_versions" else row["id"]
    return f"{_NAMES[table]} {number} "


def _strip_salt(folder: Path, chance: random.Random) -> Tampering:
    table = chance.choice(ROWS)
    with _database(folder) as connection:
        row = chance.choice(connection.execute(f"SELECT rowid AS place, * FROM {table}").fetchall())  # noqa: S608
        connection.execute(f"UPDATE {table} SET salt = NULL WHERE rowid = ?", (row["place"],))  # noqa: S608
        return Tampering(f"a removed salt in {table}", _name(table, row))


def _edit_entry(folder: Path, chance: random.Random) -> Tampering:
    with _database(folder) as connection:
        row = chance.choice(connection.execute("SELECT * FROM custody_entries").fetchall())
        name = chance.choice(("at", "actor", "action", "manifest", "previous", "digest"))
        statement = f"UPDATE custody_entries SET {name} = ? WHERE seq = ?"  # noqa: S608 - our own names
        connection.execute(statement, (_other(row[name], chance), row["seq"]))
        return Tampering(f"another {name} in the log", f"entry {row['seq']}: ")


def _remove_entry(folder: Path, chance: random.Random) -> Tampering:
    with _database(folder) as connection:
        newest = connection.execute("SELECT max(seq) FROM custody_entries").fetchone()[0]
        seq = chance.randrange(1, newest)
        connection.execute("DELETE FROM custody_entries WHERE seq = ?", (seq,))
        return Tampering("a removed entry of the log", f"entry {seq}")


def _swap_entries(folder: Path, chance: random.Random) -> Tampering:
    with _database(folder) as connection:
        newest = connection.execute("SELECT max(seq) FROM custody_entries").fetchone()[0]
        one, other = chance.sample(range(1, newest + 1), 2)
        connection.execute("UPDATE custody_entries SET seq = -1 WHERE seq = ?", (one,))
        connection.execute("UPDATE custody_entries SET seq = ? WHERE seq = ?", (one, other))
        connection.execute("UPDATE custody_entries SET seq = ? WHERE seq = -1", (other,))
        return Tampering("two entries in each other's place", f"entry {one}: ")


def _cut_log(folder: Path, chance: random.Random) -> Tampering:
    with _database(folder) as connection:
        newest = connection.execute("SELECT max(seq) FROM custody_entries").fetchone()[0]
        keep = chance.randrange(newest)
        connection.execute("DELETE FROM custody_entries WHERE seq > ?", (keep,))
        connection.execute("DELETE FROM custody_heads")
        return Tampering("a log cut at its end", f"a head of {newest} was anchored")


def _edit_sighting(folder: Path, chance: random.Random) -> Tampering:
    with _database(folder) as connection:
        row = chance.choice(connection.execute("SELECT * FROM sightings").fetchall())
        key = (row["version_id"], row["snapshot_id"])
        if chance.random() < 0.5:
            statement = "UPDATE sightings SET observed_at = observed_at + 1 WHERE version_id = ? AND snapshot_id = ?"
        else:
            statement = "DELETE FROM sightings WHERE version_id = ? AND snapshot_id = ?"
        connection.execute(statement, key)
        return Tampering("a changed or removed sighting", f"snapshot {row['snapshot_id']} ")


def _forget_body(folder: Path, chance: random.Random) -> Tampering:
    path = chance.choice(_bodies(folder))
    path.unlink()
    with _database(folder) as connection:
        connection.execute("UPDATE evidence_objects SET forgotten_at = 1 WHERE sha256 = ?", (bytes.fromhex(path.stem),))
    return Tampering("a body that was quietly forgotten", path.stem)


def _edit_list(folder: Path, chance: random.Random) -> Tampering:
    with _database(folder) as connection:
        if chance.random() < 0.5:
            row = chance.choice(connection.execute("SELECT id FROM listings").fetchall())
            connection.execute("UPDATE listings SET versions = versions + 1 WHERE id = ?", (row["id"],))
            return Tampering("a changed row of listings", f"listing {row['id']} ")
        row = chance.choice(connection.execute("SELECT alert_id FROM alerts").fetchall())
        connection.execute("UPDATE alerts SET lane = 'none' WHERE alert_id = ?", (row["alert_id"],))
        return Tampering("a changed row of alerts", f"alert {row['alert_id']} ")


class _database:
    """A connection as a tamperer would open it: no foreign keys, committed and closed at the end."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "undercut.sqlite")
        self._connection.row_factory = sqlite3.Row

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.commit()
        self._connection.close()


def tamper_packet(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    """Change one thing in a packet, and zip it again as a tamperer would."""
    ways: tuple[Callable[[bytes, random.Random], tuple[bytes, Tampering]], ...] = (
        _flip_packet, _flip_file, _remove_file, _add_file, _remove_digest, _remove_sums, _reorder, _cut_packet,
    )  # fmt: skip
    return chance.choice(ways)(packet, chance)


def _files(packet: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packet)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def _zipped(files: dict[str, bytes]) -> bytes:
    return verify.write_zip(files.items(), "2026-11-24T12:00:00Z")


def _flip_packet(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    place = chance.randrange(len(packet))
    flipped = packet[:place] + bytes([packet[place] ^ (1 << chance.randrange(8))]) + packet[place + 1 :]
    return flipped, Tampering("a flipped bit of the packet", "")


def _flip_file(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    files = _files(packet)
    name = chance.choice(sorted(name for name in files if files[name]))
    content = bytearray(files[name])
    content[chance.randrange(len(content))] ^= 1
    return _zipped({**files, name: bytes(content)}), Tampering("a flipped bit of a file", name)


def _remove_file(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    files = _files(packet)
    name = chance.choice(sorted(files))
    del files[name]
    return _zipped(files), Tampering("a removed file", name)


def _add_file(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    name = f"evidence/added-{chance.randrange(1000)}.txt"
    return _zipped({**_files(packet), name: b"added"}), Tampering("an added file", name)


def _remove_digest(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    files = _files(packet)
    lines = files[verify.SUMS].decode().splitlines(keepends=True)
    gone = lines.pop(chance.randrange(len(lines)))
    name = gone.partition("  ")[2].strip()
    return _zipped({**files, verify.SUMS: "".join(lines).encode()}), Tampering("a removed digest", name)


def _remove_sums(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    files = _files(packet)
    del files[verify.SUMS]
    return _zipped(files), Tampering("a deleted digest file", verify.SUMS)


def _reorder(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    files = list(_files(packet).items())
    one, other = chance.sample(range(len(files)), 2)
    files[one], files[other] = files[other], files[one]
    return _zipped(dict(files)), Tampering("entries in another order", "reordered")


def _cut_packet(packet: bytes, chance: random.Random) -> tuple[bytes, Tampering]:
    return packet[: chance.randrange(len(packet))], Tampering("a packet cut short", "")
