"""Keys that stood in the open: what may be kept of them, once for each key and listing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.batches import insert_rows
from storage.database import Database
from storage.identity import key_of
from storage.tables import leaked_keys


@dataclass(frozen=True, slots=True)
class LeakedKeyRecord:
    """A key found in the open, without the key.

    `external_id` is that of the listing that showed it, `place` the field it stood in (`title`, `text`, `link`),
    `issuer` the provider it is of (empty where unknown). `sealed` is the key encrypted to `sealed_to`, the public key
    that its issuer lodged; both are empty where none is lodged, and then the digest is all that stays.
    """

    key_sha256: str
    source: str
    external_id: str
    kind: str
    issuer: str
    visible: str
    url: str
    place: str
    seen_at: datetime
    sealed: bytes | None = None
    sealed_to: str = ""


@dataclass(frozen=True, slots=True)
class KeptLeakedKey:
    """A key that was found, with when it was first and last seen there."""

    found: LeakedKeyRecord
    first_seen_at: datetime

    def as_json(self) -> dict[str, object]:
        """What may be shown and exported: everything but the sealed key."""
        found = self.found
        return {
            "key_sha256": found.key_sha256,
            "kind": found.kind,
            "issuer": found.issuer,
            "visible": found.visible,
            "source": found.source,
            "external_id": found.external_id,
            "url": found.url,
            "place": found.place,
            "first_seen_at": self.first_seen_at.isoformat(),
            "last_seen_at": found.seen_at.isoformat(),
            "sealed_to": found.sealed_to,
        }


def add_leaked_keys(connection: Connection, found: Iterable[LeakedKeyRecord]) -> int:
    """Keep what was found, inside the caller's transaction; gives how many were not known there."""
    by_key = {key_of("leaked key", one.key_sha256, one.source, one.external_id): one for one in found}
    if not by_key:
        return 0
    there = set(
        connection.execute(select(leaked_keys.c.found_key).where(leaked_keys.c.found_key.in_(list(by_key)))).scalars()
    )
    for key in sorted(there):
        _seen_again(connection, key, by_key[key])
    new = [_row(key, one) for key, one in by_key.items() if key not in there]
    insert_rows(connection, leaked_keys, new)
    return len(new)


def _seen_again(connection: Connection, key: str, one: LeakedKeyRecord) -> None:
    """A key whose issuer has lodged a public key since is sealed at its next sighting."""
    said: dict[str, object] = {"last_seen_at": one.seen_at, "url": one.url}
    if one.sealed is not None:
        said |= {"sealed": one.sealed, "sealed_to": one.sealed_to}
    connection.execute(update(leaked_keys).where(leaked_keys.c.found_key == key).values(said))


def _row(key: str, one: LeakedKeyRecord) -> dict[str, object]:
    return {
        "found_key": key,
        "key_sha256": one.key_sha256,
        "source": one.source,
        "external_id": one.external_id,
        "kind": one.kind,
        "issuer": one.issuer,
        "visible": one.visible,
        "url": one.url,
        "place": one.place,
        "first_seen_at": one.seen_at,
        "last_seen_at": one.seen_at,
        "sealed": one.sealed,
        "sealed_to": one.sealed_to,
    }


class LeakedKeys:
    """The keys that were found."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, *, issuer: str | None = None, limit: int = 10_000) -> Sequence[KeptLeakedKey]:
        """The newest first; of one issuer, or of all."""
        statement = select(leaked_keys).order_by(leaked_keys.c.last_seen_at.desc(), leaked_keys.c.found_key)
        if issuer is not None:
            statement = statement.where(leaked_keys.c.issuer == issuer)
        with self._database.reading() as connection:
            rows = connection.execute(statement.limit(limit)).all()
        return [
            KeptLeakedKey(
                LeakedKeyRecord(
                    key_sha256=row.key_sha256,
                    source=row.source,
                    external_id=row.external_id,
                    kind=row.kind,
                    issuer=row.issuer,
                    visible=row.visible,
                    url=row.url,
                    place=row.place,
                    seen_at=row.last_seen_at,
                    sealed=row.sealed,
                    sealed_to=row.sealed_to,
                ),
                row.first_seen_at,
            )
            for row in rows
        ]
