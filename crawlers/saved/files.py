"""Opens a saved file, whatever it is: told by what stands in it, and only then by its name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from crawlers.saved.answer import SavedFileError, SavedPage, Unpacking, is_call_with_data
from crawlers.saved.har import har_pages, is_har
from crawlers.saved.mhtml import mhtml_pages
from crawlers.saved.warc import wacz_pages, warc_pages

HEAD_BYTES = 4_096


class SavedKind(StrEnum):
    """What a saved file is."""

    HTML = "html"
    JSON = "json"
    MHTML = "mhtml"
    HAR = "har"
    WARC = "warc"
    WACZ = "wacz"
    LINES = "lines"
    FEEDER = "feeder"
    PICTURE = "picture"


PAGES = frozenset({SavedKind.HTML, SavedKind.JSON})
"""Kinds that are one answer as it came; the others hold any number of them."""

_STREAMED = frozenset({SavedKind.WARC, SavedKind.WACZ})
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_LINE_ENDINGS = (".jsonl", ".ndjson", ".jsonlines")
_NOT_UTF8 = (b"\xff\xfe", b"\xfe\xff")

# What browsers and savers leave in a page that they store: where it came from, and when.
_SAVED_FROM = re.compile(rb"<!--\s{0,5}saved from url=\(\d{4}\)(https?://[^\s]{1,4000}?)\s{0,5}-->")
_SINGLE_FILE_URL = re.compile(rb"<!--\s{0,5}Page saved with SingleFile\s{1,5}url: (https?://[^\s]{1,4000})")
_SINGLE_FILE_DATE = re.compile(rb"\n\s{0,5}saved date: (\w{3} \w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4})")
_CANONICAL = re.compile(
    rb"""<link\s[^>]{0,200}?rel=["']?canonical["']?\s[^>]{0,200}?href=["'](https?://[^"']{1,4000})["']"""
)


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file that was opened: what it is, and its bytes where it is read at once."""

    path: Path
    kind: SavedKind
    body: bytes

    def pages(self, unpacking: Unpacking) -> Iterator[SavedPage]:
        """The answers in it, as they are read; raises SavedFileError where it cannot be read, or not on."""
        match self.kind:
            case SavedKind.HAR:
                yield from har_pages(self.body, unpacking)
            case SavedKind.MHTML:
                yield from mhtml_pages(self.body, unpacking)
            case SavedKind.WARC | SavedKind.WACZ:
                reader = warc_pages if self.kind is SavedKind.WARC else wacz_pages
                try:
                    with self.path.open("rb") as stream:
                        yield from reader(stream, unpacking)
                except OSError as error:
                    raise SavedFileError(f"cannot be read on: {error.strerror}") from error
            case SavedKind.PICTURE:
                raise SavedFileError("is a picture; its text is not read here. Save the page as HTML, MHTML or HAR")
            case _:
                yield _single(self.kind, self.body)


def open_saved_file(path: Path, unpacking: Unpacking) -> SavedFile:
    """Look into a file and say what it is; raises SavedFileError for one that cannot be read or is too large."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            kind = _kind_by_head(head, path.name.lower())
            most = unpacking.limits.streamed_bytes if kind in _STREAMED else unpacking.limits.whole_bytes
            if size > most:
                raise SavedFileError(f"has {size} bytes; a file of kind {kind or 'page'} has at most {most}")
            body = b"" if kind in _STREAMED else head + stream.read(most)
    except OSError as error:
        raise SavedFileError(f"cannot be read: {error.strerror}") from error
    if not body.strip() and kind not in _STREAMED:
        raise SavedFileError("is empty")
    return SavedFile(path, kind or _kind_of_data(body), body)


def _kind_by_head(head: bytes, name: str) -> SavedKind | None:
    """What the first bytes say; None for JSON, of which there are several kinds."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return SavedKind.WACZ
    if head.startswith(b"\x1f\x8b") or head.startswith(b"WARC/"):
        return SavedKind.WARC
    if head.startswith(_PICTURES) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return SavedKind.PICTURE
    if _is_mhtml(start):
        return SavedKind.MHTML
    if name.endswith(_LINE_ENDINGS):
        return SavedKind.LINES
    if start[:1] in (b"{", b"["):
        return None
    return SavedKind.JSON if is_call_with_data(head) else SavedKind.HTML


def _is_mhtml(start: bytes) -> bool:
    if start.startswith(b"<") or start.startswith(_NOT_UTF8):
        return False
    lowered = start.lower()
    return b"mime-version:" in lowered and b"content-type:" in lowered and b"multipart/" in lowered


def _kind_of_data(body: bytes) -> SavedKind:
    """Which kind of JSON: a HAR, one feeder's item, lines to assess, or a place's own answer."""
    data = body.removeprefix(b"\xef\xbb\xbf")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:
        if b'"log"' in data[:HEAD_BYTES] and b'"entries"' in data:
            return SavedKind.HAR  # a broken one, which its reader will say
        # Several values one under the other are lines, if the first of them is one.
        first = _object_of(data.lstrip().partition(b"\n")[0])
        return _kind_of_object(first, SavedKind.LINES) if _is_line(first) or is_feeder(first) else SavedKind.JSON
    if is_har(value):
        return SavedKind.HAR
    known = value if isinstance(value, dict) else {}
    if is_feeder(known):
        return SavedKind.FEEDER
    return SavedKind.LINES if _is_line(known) and known.keys() <= _LINE_FIELDS else SavedKind.JSON


_LINE_FIELDS = frozenset({"id", "text", "title", "platform", "url", "seller", "observed_at", "price", "language"})


def _kind_of_object(first: dict[str, Any], otherwise: SavedKind) -> SavedKind:
    return SavedKind.FEEDER if is_feeder(first) else otherwise


def _is_line(value: dict[str, Any]) -> bool:
    return isinstance(value.get("text"), str) and isinstance(value.get("id"), str | int)


def is_feeder(value: dict[str, Any]) -> bool:
    """Has it the shape that AIL's feeders send: packed data, its digest, and what is known of it?"""
    return isinstance(value.get("data"), str) and isinstance(value.get("meta"), dict) and "source" in value


def _object_of(line: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _single(kind: SavedKind, body: bytes) -> SavedPage:
    if kind is not SavedKind.HTML:
        return SavedPage(body, "file", headers={"content-type": "application/json"})
    head = body[: HEAD_BYTES * 8]
    found = _SINGLE_FILE_URL.search(head) or _SAVED_FROM.search(head) or _CANONICAL.search(head)
    url = found.group(1).decode("utf-8", "replace") if found else None
    return SavedPage(body, "file", url=url, saved_at=_single_file_date(head), headers={})


def _single_file_date(head: bytes) -> datetime | None:
    found = _SINGLE_FILE_DATE.search(head)
    if found is None:
        return None
    try:
        moment = datetime.strptime(found.group(1).decode("ascii"), "%a %b %d %Y %H:%M:%S GMT%z")
    except ValueError:
        return None
    return moment.astimezone(UTC)
