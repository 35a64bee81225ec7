"""Saved answers as an archive that can be asked like the network: a folder with an index, or a WARC file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]

from crawlers.network_guard import RefusedTargetError, parse_target
from domain.errors import UndercutError

INDEX_NAME = "index.jsonl"
MOST_BODY_BYTES = 10 * 1024 * 1024


class ArchiveError(UndercutError):
    """An archive cannot be read; the message names the file, the place in it and the mend."""


class IndexEntry(BaseModel):
    """One line of a folder's index: what was asked, and the file that holds what came back.

    `file` lies in the folder; `headers` are those of the answer, and `fetched_at` when it came.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    file: str
    fetched_at: AwareDatetime
    status: Annotated[int, Field(ge=100, le=599)] = 200
    headers: dict[str, str] = {}
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """An answer as it was saved; the body may still be compressed as its headers say."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class _InFolder:
    entry: IndexEntry
    path: Path


@dataclass(frozen=True, slots=True)
class _InWarc:
    path: Path
    offset: int


@dataclass(frozen=True, slots=True)
class Archive:
    """Answers by method and address; bodies are read when they are asked for."""

    places: Mapping[tuple[str, str], _InFolder | _InWarc] = field(repr=False)

    def find(self, method: str, url: str) -> SavedAnswer | None:
        """The answer to a request, the newest where there are several; None where it was not saved."""
        place = self.places.get((method, url))
        if place is None:
            return None
        return _from_folder(place) if isinstance(place, _InFolder) else _from_warc(place)


def open_archive(path: Path) -> Archive:
    """Read the index of a folder, or of a WARC file (`.warc` or `.warc.gz`); raises ArchiveError."""
    if path.is_dir():
        places: dict[tuple[str, str], _InFolder | _InWarc] = dict(_folder_places(path))
    elif path.is_file():
        places = dict(_warc_places(path))
    else:
        raise ArchiveError(f"there is no archive at {path}; name a folder with {INDEX_NAME}, or a WARC file")
    if not places:
        raise ArchiveError(f"{path} holds no answer")
    return Archive(places)


def _folder_places(folder: Path) -> Iterator[tuple[tuple[str, str], _InFolder]]:
    index = folder / INDEX_NAME
    try:
        lines = index.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"cannot read {index}: {error}; every saved answer stands in it on a line") from error
    root = folder.resolve()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = IndexEntry.model_validate_json(line)
            href = parse_target(entry.url).href
        except (ValidationError, RefusedTargetError) as error:
            raise ArchiveError(f"{index}, line {number}: {error}") from error
        path = (root / entry.file).resolve()
        if not path.is_relative_to(root):
            raise ArchiveError(f"{index}, line {number}: {entry.file!r} lies outside of {folder}")
        yield (entry.method.upper(), href), _InFolder(entry, path)


def _from_folder(place: _InFolder) -> SavedAnswer:
    try:
        if place.path.stat().st_size > MOST_BODY_BYTES:
            raise ArchiveError(f"{place.path} is larger than {MOST_BODY_BYTES} bytes")
        body = place.path.read_bytes()
    except OSError as error:
        raise ArchiveError(f"cannot read {place.path}: {error.strerror}; the index names it") from error
    entry = place.entry
    return SavedAnswer(entry.status, entry.headers, body, entry.fetched_at.astimezone(UTC), entry.file)


def _warc_places(path: Path) -> Iterator[tuple[tuple[str, str], _InWarc]]:
    """Every response of a WARC; its request's method where the request is saved too, otherwise GET."""
    methods: dict[str, str] = {}
    found: list[tuple[str, str, int]] = []
    with path.open("rb") as stream:
        try:
            records = ArchiveIterator(stream)
            for record in records:
                if record.rec_type == "request" and record.http_headers is not None:
                    answered = record.rec_headers.get_header("WARC-Concurrent-To") or ""
                    methods[answered] = record.http_headers.protocol
                elif record.rec_type == "response" and record.http_headers is not None:
                    identity = record.rec_headers.get_header("WARC-Record-ID") or ""
                    found.append((identity, _href_of(record, path), records.get_record_offset()))
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            raise ArchiveError(f"{path} is no readable WARC file: {error}") from error
    for identity, href, offset in found:
        yield (methods.get(identity, "GET").upper(), href), _InWarc(path, offset)


def _href_of(record: Any, path: Path) -> str:
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    try:
        return parse_target(url).href
    except RefusedTargetError as error:
        raise ArchiveError(f"{path} holds an answer to something else than the web: {error}") from error


def _from_warc(place: _InWarc) -> SavedAnswer:
    with place.path.open("rb") as stream:
        stream.seek(place.offset)
        try:
            record = next(iter(ArchiveIterator(stream)))
            chunked = (record.http_headers.get_header("Transfer-Encoding") or "").lower() == "chunked"
            raw = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
            body = raw.read(MOST_BODY_BYTES + 1)
            moment = record.rec_headers.get_header("WARC-Date")
            fetched_at = datetime.fromisoformat(moment).astimezone(UTC)
            status = int(record.http_headers.get_statuscode())
        except (ArchiveLoadFailed, EOFError, OSError, StopIteration, TypeError, ValueError) as error:
            raise ArchiveError(f"{place.path}: the record at byte {place.offset} cannot be read: {error}") from error
    if len(body) > MOST_BODY_BYTES:
        raise ArchiveError(f"{place.path}: the record at byte {place.offset} is larger than {MOST_BODY_BYTES} bytes")
    headers = {name: value for name, value in record.http_headers.headers if name.lower() != "transfer-encoding"}
    return SavedAnswer(status, headers, body, fetched_at, f"{place.path.name} at byte {place.offset}")
