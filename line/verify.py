"""Is it still what it was? A store, a packet or an archive, checked offline; everything that is not is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from domain.errors import UndercutError
from reports import verify as packets
from storage.custody.chain import Head
from storage.custody.log import SignedHead
from storage.store import Store


class UnreadablePlaceError(UndercutError):
    """What should be checked cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, how much of it, everything that is not as it was, and what a reader must know besides."""

    kind: str
    looked_at: str
    problems: tuple[str, ...]
    remarks: tuple[str, ...]


def verify_memory(store: Store, heads: Sequence[SignedHead] = ()) -> Checked:
    """A store: log, rows, bodies, lists. `heads` are signed heads that were kept elsewhere."""
    forged = [f"the head of entry {one.head.seq} that was given: its signature does not fit" for one in heads
              if not one.holds()]  # fmt: skip
    report = store.verify([one.head for one in heads])
    custody = report.custody
    problems = [
        f"{f'entry {one.seq}: ' if one.seq else ''}{f'{one.about} ' if one.about else ''}{one.what}"
        for one in report.problems
    ]
    looked_at = (
        f"{custody.entries} log entries, {custody.objects} rows and pages, {report.bodies} bodies, "
        f"{custody.erased} erased, {report.forgotten} forgotten"
    )
    return Checked(
        "store", looked_at, (*forged, *problems), tuple(_remarks(store, report.unrecorded, custody.head, heads))
    )


def _remarks(store: Store, unrecorded: int, head: Head, heads: Sequence[SignedHead]) -> list[str]:
    remarks = [f"the log's head is entry {head.seq}, {head.digest}"]
    outside = max((one.head.seq for one in heads), default=0)
    inside = max((one.head.seq for one in store.custody.signed_heads()), default=0)
    if outside:
        remarks.append(f"a head that was kept elsewhere vouches for entries 1 to {outside}")
    else:
        remarks.append(
            "no head from elsewhere was given (--head): that nothing was cut off at the end cannot be told"
            + (f"; the store's own newest signature is of entry {inside}" if inside else "")
        )
    stamped = sum(1 for one in store.custody.signed_heads() if one.timestamp_token)
    remarks.append(
        f"{stamped} heads carry a time stamp of an outside authority"
        if stamped
        else "no head carries a time stamp of an outside authority: times are this machine's word"
    )
    if unrecorded:
        remarks.append(f"{unrecorded} bodies were kept whose pages were never recorded (a crash in between); no fault")
    return remarks


def verify_packet(place: Path, expected_key: str | None = None) -> Checked:
    """A packet (zip or unpacked folder) or a WACZ; raises UnreadablePlaceError."""
    try:
        body = None if place.is_dir() else place.read_bytes()
        names, files, findings = (None, packets.read_folder(place), []) if body is None else packets.read_zip(body)
    except packets.UNREADABLE as error:
        raise UnreadablePlaceError(f"cannot read {place}: {error}") from error
    if body is not None and place.suffix == ".wacz" and packets.MANIFEST not in files:
        return Checked("archive", f"{len(files)} files", tuple(packets.check_wacz(place.name, body)), ())
    findings = findings + packets.verify(body, files, names, expected_key)
    return Checked("packet", f"{len(files)} files", tuple(findings), (packets.check_signature(files, expected_key)[1],))


def is_packet(place: Path) -> bool:
    """Is this a packet or an archive (anything but a folder with a store in it)?"""
    return not place.is_dir() or (place / packets.MANIFEST).exists() or (place / packets.SUMS).exists()


def head_object(head: SignedHead) -> dict[str, object]:
    """A signed head as JSON, to be given to somebody else."""
    return {
        "entry": head.head.seq,
        "digest": head.head.digest,
        "signed_at": head.signed_at.isoformat(),
        "public_key": head.public_key.hex(),
        "signature": head.signature.hex(),
        "timestamp_token": None if head.timestamp_token is None else head.timestamp_token.hex(),
    }


def read_head(place: Path) -> SignedHead:
    """A signed head from its file; raises UnreadablePlaceError."""
    try:
        told = orjson.loads(place.read_bytes())
        token = told.get("timestamp_token")
        return SignedHead(
            Head(int(told["entry"]), str(told["digest"])),
            datetime.fromisoformat(told["signed_at"]),
            bytes.fromhex(told["public_key"]),
            bytes.fromhex(told["signature"]),
            None if token is None else bytes.fromhex(token),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadablePlaceError(f"{place} is no head that `undercut custody head` wrote: {error}") from error
