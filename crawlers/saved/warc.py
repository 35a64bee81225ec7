"""WARC files (ISO 28500) read piece by piece, plain or packed with gzip, and WACZ archives that hold some.

Read with bounds of our own rather than with a library: a header line, a head, a body and the whole each have a limit,
so that an archive built to unpack without end costs its limit and no more.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from crawlers.saved.answer import SavedFileError, SavedPage, Unpacking, kept_headers, may_be_page
from crawlers.spiders.failures import NoPageError
from crawlers.transports.decompression import MOST_RATIO, RATIO_HOLDS_AFTER_BYTES, decompress

MOST_LINE_BYTES = 16 * 1024
MOST_HEAD_LINES = 500
MOST_DIRECTORY_BYTES = 8 * 1024 * 1024
_PIECE = 64 * 1024
_ZIP_END = b"PK\x05\x06"
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)
"""What the standard library raises for archives that are broken, encrypted or packed in ways it does not know."""

Head = Mapping[str, str]


def warc_pages(stream: IO[bytes], unpacking: Unpacking, *, place: str = "") -> Iterator[SavedPage]:
    """The answers of a WARC stream that may be pages; raises SavedFileError where it cannot be read on."""
    start = stream.read(2)
    raw = _Gunzipped(start, stream, unpacking) if start == b"\x1f\x8b" else _Plain(start, stream)
    plain: IO[bytes] = io.BufferedReader(raw)
    methods: dict[str, str] = {}
    number = 0
    while (record := _next_record(plain)) is not None:
        number += 1
        unpacking.take_entry()
        kind = record.head.get("warc-type", "")
        if kind == "request":
            methods[record.head.get("warc-concurrent-to", "")] = record.first_word()
        page = None
        if kind in ("response", "resource"):
            page = _page(record, f"{place}record {number}", methods, unpacking)
        record.skip()
        if page is None:
            unpacking.pass_over()
        else:
            unpacking.take_page()
            yield page


def wacz_pages(stream: IO[bytes], unpacking: Unpacking) -> Iterator[SavedPage]:
    """The answers of every WARC file within a WACZ; nothing of it is written anywhere, so no name in it matters."""
    _check_directory(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except _ZIP_FAULTS as error:
        raise SavedFileError(f"is no readable zip archive: {error}") from error
    found = 0
    with archive:
        for number, member in enumerate(archive.infolist()):
            unpacking.take_entry()
            if not member.filename.startswith("archive/") or not member.filename.endswith((".warc", ".warc.gz")):
                continue
            found += 1
            if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                unpacking.leave_out(f"member {number}", "it is encrypted, or packed in a way that is not read")
                continue
            try:
                with archive.open(member) as inner:
                    counted = io.BufferedReader(_Counted(inner, unpacking))
                    yield from warc_pages(counted, unpacking, place=f"member {number}, ")
            except _ZIP_FAULTS as error:
                unpacking.leave_out(f"member {number}", f"it cannot be unpacked: {error}")
    if not found:
        raise SavedFileError("is a zip archive without WARC files, so no WACZ")


@dataclass
class _Record:
    head: Head
    left: int
    stream: IO[bytes]

    def read(self, most: int) -> bytes:
        body = self.stream.read(min(most, self.left))
        self.left -= len(body)
        if not body and self.left:
            raise SavedFileError("ends in the middle of a record")
        return body

    def line(self) -> bytes:
        line = self.stream.readline(min(MOST_LINE_BYTES, self.left))
        self.left -= len(line)
        return line

    def first_word(self) -> str:
        return self.line().partition(b" ")[0].decode("latin-1")[:16].upper()

    def skip(self) -> None:
        while self.left:
            self.read(_PIECE)


def _next_record(stream: IO[bytes]) -> _Record | None:
    """The record that begins here, blank lines before it skipped; None at the end."""
    line = b"\r\n"
    blank = 0
    while line in (b"\r\n", b"\n"):
        line = stream.readline(MOST_LINE_BYTES)
        blank += 1
        if blank > MOST_HEAD_LINES:
            raise SavedFileError("holds blank lines where a record should begin")
    if not line:
        return None
    if not line.startswith(b"WARC/"):
        raise SavedFileError("is no WARC file, or is broken: a record does not begin with WARC/")
    head = _head(stream.readline)
    length = head.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise SavedFileError("has a record without a length")
    return _Record(head, int(length), stream)


def _head(next_line: Callable[[int], bytes]) -> dict[str, str]:
    head: dict[str, str] = {}
    for _number in range(MOST_HEAD_LINES):
        line = next_line(MOST_LINE_BYTES)
        if line in (b"\r\n", b"\n", b""):
            return head
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon and name:
            key = name.strip().lower()
            head[key] = f"{head[key]}, {value.strip()}" if key in head and key != "location" else value.strip()
    raise SavedFileError(f"has a record with more than {MOST_HEAD_LINES} lines of headers")


def _page(record: _Record, place: str, methods: Mapping[str, str], unpacking: Unpacking) -> SavedPage | None:
    url = record.head.get("warc-target-uri", "").strip("<>")
    if not url.startswith(("http://", "https://")):
        return None
    status, headers = 200, {"content-type": record.head.get("content-type", "")}
    if record.head.get("warc-type") == "response":
        version, _blank, rest = record.line().decode("latin-1").partition(" ")
        if not version.startswith("HTTP/") or not rest[:3].isdigit():
            return None
        status, headers = int(rest[:3]), _head(lambda _most: record.line())
    if not 100 <= status <= 599 or not may_be_page(headers.get("content-type", ""), b"?("):
        return None
    body = _body(record, headers, place, unpacking)
    if body is None or not may_be_page(headers.get("content-type", ""), body):
        return None
    return SavedPage(
        body=body,
        place=place,
        url=url,
        saved_at=_time(record.head.get("warc-date", "")),
        status=status,
        method=methods.get(record.head.get("warc-record-id", ""), "GET"),
        headers=kept_headers(headers),
    )


def _body(record: _Record, headers: Head, place: str, unpacking: Unpacking) -> bytes | None:
    most = unpacking.limits.page_bytes
    if record.left > most + MOST_LINE_BYTES:
        unpacking.leave_out(place, f"its body is larger than {most} bytes")
        return None
    body = record.read(record.left) if record.left else b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        # Some writers keep the header and store the body without its chunks.
        body = _unchunked(body) or body
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        unpacking.take_bytes(len(body))
        return body
    try:
        unpacked = decompress(body, encoding[:20], most_bytes=most)
    except NoPageError as error:
        unpacking.leave_out(place, error.detail)
        return None
    unpacking.take_bytes(len(unpacked))
    return unpacked


def _unchunked(body: bytes) -> bytes | None:
    """The body without its chunk lengths; None where it has none."""
    pieces: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\n", at, at + 1024)
        size = body[at:end].partition(b";")[0].strip() if end >= 0 else b""
        if not size or len(size) > 8 or size.strip(b"0123456789abcdefABCDEF"):
            return None
        length = int(size, 16)
        if length == 0:
            return b"".join(pieces)
        pieces.append(body[end + 1 : end + 1 + length])
        at = end + 1 + length
        at += 2 if body[at : at + 2] == b"\r\n" else 1
        if at > len(body) + 2:
            return None


def _time(stated: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stated[:40])
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _check_directory(stream: IO[bytes]) -> None:
    """A zip's list of members is read at once when it is opened: refuse a list that is itself the bomb."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 65_557))
    tail = stream.read(65_557)
    stream.seek(0)
    end = tail.rfind(_ZIP_END)
    if end < 0:
        raise SavedFileError("is no zip archive, or is cut short")
    if int.from_bytes(tail[end + 12 : end + 16], "little") > MOST_DIRECTORY_BYTES:
        raise SavedFileError("is a zip archive with a list of members that is too large to be honest")


class _Plain(io.RawIOBase):
    """A stream whose first bytes were looked at already."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start = start
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # the shape BufferedReader calls it with
        piece = self._next(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def _next(self, most: int) -> bytes:
        if self._start:
            piece, self._start = self._start[:most], self._start[most:]
            return piece
        return self._stream.read(min(most, _PIECE))


class _Counted(_Plain):
    """A member of an archive, every byte of it counted."""

    def __init__(self, stream: IO[bytes], unpacking: Unpacking) -> None:
        super().__init__(b"", stream)
        self._unpacking = unpacking

    def _next(self, most: int) -> bytes:
        piece = super()._next(most)
        self._unpacking.take_bytes(len(piece))
        return piece


class _Gunzipped(_Plain):
    """Members of gzip one after the other as one stream, with a limit on the whole and on the ratio."""

    def __init__(self, start: bytes, stream: IO[bytes], unpacking: Unpacking) -> None:
        super().__init__(start, stream)
        self._unpacking = unpacking
        self._member = zlib.decompressobj(wbits=31)
        self._waiting = b""
        self._packed = 0
        self._unpacked = 0

    def _next(self, most: int) -> bytes:
        while True:
            if self._member.eof:
                self._waiting = self._member.unused_data.lstrip(b"\x00")
                self._member = zlib.decompressobj(wbits=31)
            if not self._waiting:
                self._waiting = super()._next(_PIECE)
                self._packed += len(self._waiting)
                if not self._waiting:
                    # The last input may have been taken in while its output had no room yet.
                    return self._member.decompress(b"", min(most, _PIECE))
            try:
                piece = self._member.decompress(self._waiting, min(most, _PIECE))
            except zlib.error as error:
                raise SavedFileError(f"its gzip is broken: {error}") from error
            self._waiting = b"" if self._member.eof else self._member.unconsumed_tail
            if piece:
                self._count(len(piece))
                return piece

    def _count(self, number: int) -> None:
        self._unpacked += number
        self._unpacking.take_bytes(number)
        if self._unpacked > RATIO_HOLDS_AFTER_BYTES and self._unpacked > MOST_RATIO * self._packed:
            raise SavedFileError(f"unpacks to more than {MOST_RATIO} times its size")
