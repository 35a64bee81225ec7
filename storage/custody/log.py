"""The custody log as others use it: note what happened, sign the head, verify."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, Row, select

from domain.clock import Clock, utc_now
from storage.codec import dump_strings, load_strings
from storage.custody.chain import Head, Sealed, append, head_of
from storage.custody.verification import ERASED, FORGOTTEN, CustodyReport, Problem, verify_custody
from storage.database import Database
from storage.numbering import take_numbers
from storage.statements import insert_or_ignore
from storage.tables import custody_entries, custody_heads, custody_notes

_SIGNED_PREFIX: Final = b"undercut custody head\x00"


@dataclass(frozen=True, slots=True)
class CustodyNote:
    """Something that happened to a thing: who did what, when, and what they said about it."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with its signature, for others to keep; `timestamp_token` is an RFC 3161 reply where there is one."""

    head: Head
    signed_at: datetime
    public_key: bytes
    signature: bytes
    timestamp_token: bytes | None = None

    def holds(self) -> bool:
        """Does the signature fit head and time?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(
                self.signature, _signed(self.head, self.signed_at)
            )
        except (InvalidSignature, ValueError):
            return False
        return True


class CustodyLog:
    """The chained log of this store."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def head(self) -> Head:
        """The newest entry."""
        with self._database.reading() as connection:
            return head_of(connection)

    def note(self, action: str, subject: str, *, actor: str, details: Mapping[str, str] | None = None) -> Head:
        """Write down that something happened: a raw capture was viewed, a report sent.

        `subject` names what it happened to; `details` say why. Both are committed to with a salt and can be erased.
        """
        with self._database.writing() as connection:
            return add_note(connection, self._clock(), actor, action, subject, details or {})

    def notes(self, action: str, *, limit: int = 100) -> tuple[CustodyNote, ...]:
        """What was noted under an action, newest first."""
        statement = select(custody_entries).where(custody_entries.c.action == action)
        newest = statement.order_by(custody_entries.c.seq.desc()).limit(limit)
        with self._database.reading() as connection:
            entries = connection.execute(newest).all()
            numbers = {number: entry for entry in entries if (number := _note_number(entry)) is not None}
            rows = connection.execute(select(custody_notes).where(custody_notes.c.id.in_(sorted(numbers)))).all()
        return tuple(_note(numbers[row.id], row) for row in sorted(rows, key=lambda row: row.id, reverse=True))

    def sign_head(self, key: Ed25519PrivateKey, *, timestamp_token: bytes | None = None) -> SignedHead:
        """Sign the newest entry and keep the signature; give a copy to somebody who is not you."""
        head, at = self.head(), self._clock()
        public, signature = key.public_key().public_bytes_raw(), key.sign(_signed(head, at))
        row = {
            "seq": head.seq,
            "digest": head.digest,
            "signed_at": at,
            "public_key": public,
            "signature": signature,
            "timestamp_token": timestamp_token,
        }
        with self._database.writing() as connection:
            connection.execute(insert_or_ignore(connection, custody_heads), row)
        return SignedHead(head, at, public, signature, timestamp_token)

    def signed_heads(self) -> tuple[SignedHead, ...]:
        """Every head that was signed, oldest first."""
        with self._database.reading() as connection:
            return tuple(_signed_head(row) for row in connection.execute(select(custody_heads).order_by("seq")))

    def verify(self, anchors: Sequence[Head] = ()) -> CustodyReport:
        """Hold the whole log to itself, to its signed heads, and to heads that were kept elsewhere."""
        kept = self.signed_heads()
        with self._database.reading() as connection:
            report = verify_custody(connection, [*(one.head for one in kept if one.head.seq), *anchors])
        forged = [Problem(one.head.seq, "head", "has a signature that does not fit") for one in kept if not one.holds()]
        return _with_problems(report, forged)


def add_note(
    connection: Connection,
    at: datetime,
    actor: str,
    action: str,
    subject: str,
    details: Mapping[str, str],
    *,
    forgotten: Sequence[str] = (),
) -> Head:
    """Write a note inside the caller's transaction, last in it; `forgotten` are the bodies that went with it."""
    [number] = take_numbers(connection, {"custody_notes": 1})["custody_notes"]
    sealed = Sealed()
    sealed.insert(connection, "note", [{"id": number, "subject": subject, "details": dump_strings(details)}])
    sealed.manifest += [(FORGOTTEN, name, "") for name in forgotten]
    return append(connection, at, actor, action, sealed)


def add_erasure(
    connection: Connection,
    at: datetime,
    actor: str,
    erased: Sequence[str],
    details: Mapping[str, str],
    *,
    forgotten: Sequence[str] = (),
) -> Head:
    """Write down inside the caller's transaction, last in it, which rows (`finding 12`) and bodies went, and why."""
    [number] = take_numbers(connection, {"custody_notes": 1})["custody_notes"]
    sealed = Sealed()
    sealed.insert(connection, "note", [{"id": number, "subject": "listing", "details": dump_strings(details)}])
    sealed.manifest += [(ERASED, name, "") for name in erased]
    sealed.manifest += [(FORGOTTEN, name, "") for name in forgotten]
    return append(connection, at, actor, ERASED, sealed)


def _with_problems(report: CustodyReport, further: Sequence[Problem]) -> CustodyReport:
    return CustodyReport(
        report.head, report.entries, report.objects, report.erased, report.anchored_to, (*report.problems, *further)
    )


def _signed(head: Head, at: datetime) -> bytes:
    return _SIGNED_PREFIX + f"{head.seq} {head.digest} {at.isoformat()}".encode()


def _signed_head(row: Row[Any]) -> SignedHead:
    return SignedHead(Head(row.seq, row.digest), row.signed_at, row.public_key, row.signature, row.timestamp_token)


def _note_number(entry: Row[Any]) -> int | None:
    for kind, name, _ in orjson.loads(entry.manifest):
        if kind == "note":
            return int(name)
    return None


def _note(entry: Row[Any], row: Row[Any]) -> CustodyNote:
    return CustodyNote(entry.seq, entry.at, entry.actor, entry.action, row.subject, load_strings(row.details))
