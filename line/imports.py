"""`undercut import`: what people saved goes down the same line as what a crawl fetched.

A file is opened, taken apart in memory, and each answer in it is kept, read, priced, judged and recorded like any page,
with the address and time that the file holds for it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from crawlers.family import Family, recognise_nothing
from crawlers.network_guard import RefusedTargetError, parse_target
from crawlers.registry import family as family_by_name
from crawlers.registry import recognise
from crawlers.saved.answer import USUAL_LIMITS, SavedFileError, SavedPage, Unpacking, UnpackLimits
from crawlers.saved.files import PAGES, SavedFile, SavedKind, open_saved_file
from domain.reading import Reading
from domain.snapshot import Page, Snapshot
from line.import_names import FEEDER, LINES, import_source, unknown_address
from line.import_report import ImportedFile, ImportedPage
from line.import_rows import ReadRows, read_feeder_lines, read_lines
from line.page import Instruments, process_page

TRANSPORT = "import"
ROWS_A_PAGE = 200
_ROWS: dict[SavedKind, tuple[str, ReadRows]] = {
    SavedKind.LINES: (LINES, read_lines),
    SavedKind.FEEDER: (FEEDER, read_feeder_lines),
}


@dataclass(frozen=True, slots=True)
class HowImported:
    """What a person says of the files: software, address and status of single pages, and the day that they were seen.

    The address and the day count only where a file does not hold its own. `now` is when the import happens, `by` who
    does it.
    """

    now: datetime
    seen_at: datetime | None = None
    family: str | None = None
    url: str | None = None
    status: int = 200
    by: str = ""
    limits: UnpackLimits = USUAL_LIMITS


async def import_file(path: Path, how: HowImported, instruments: Instruments) -> ImportedFile:
    """Bring one file in; what is wrong with it is told and never raised, and what was read before that stays."""
    told = ImportedFile(str(path))
    unpacking = Unpacking(how.limits)
    try:
        saved = open_saved_file(path, unpacking)
        told.kind = saved.kind.value
        seen_at = how.seen_at or _when_saved(path, how.now)
        if saved.kind in _ROWS:
            await _import_rows(saved, replace(how, seen_at=seen_at), instruments, told)
        else:
            await _import_pages(saved.kind, saved.pages(unpacking), replace(how, seen_at=seen_at), instruments, told)
    except SavedFileError as error:
        told.error = str(error)
    told.problems += unpacking.problems
    told.passed_over += unpacking.passed_over
    return told


async def _import_pages(
    kind: SavedKind, pages: Iterable[SavedPage], how: HowImported, instruments: Instruments, told: ImportedFile
) -> None:
    for saved in pages:
        page = _page(saved, kind, how)
        family = _family(page, how, is_single=kind in PAGES)
        if family is None:
            told.passed_over += 1
            continue
        source = import_source(family, page.snapshot.url_answered)
        capture = {**page.snapshot.capture, "family": family.name}
        page = Page(replace(page.snapshot, source=source, capture=capture), page.body)
        outcome = await process_page(page, family.name, instruments)
        told.pages.append(ImportedPage(saved.place, page.snapshot.url_answered, source, family.name, outcome))
    if not told.pages and not told.error:
        told.error = "no family recognises a page in it; name one with --family, and the address with --url"


async def _import_rows(saved: SavedFile, how: HowImported, instruments: Instruments, told: ImportedFile) -> None:
    source, read_rows = _ROWS[saved.kind]

    async def read(family: str, page: Page) -> Reading:
        return read_rows(page)

    rows = replace(instruments, read=read)
    for first, body in _pieces(saved.body, one=saved.kind is SavedKind.FEEDER):
        page = _page(SavedPage(body, f"lines from {first}"), saved.kind, replace(how, url=None))
        snapshot = replace(page.snapshot, source=source, context={"first_line": str(first)})
        outcome = await process_page(Page(snapshot, body), source, rows)
        told.pages.append(ImportedPage(f"lines from {first}", snapshot.url_answered, source, source, outcome))
        told.problems += outcome.reading.problems


def _pieces(body: bytes, *, one: bool) -> Iterator[tuple[int, bytes]]:
    """The lines in pieces that are recorded at once, each with the number of its first line.

    A feeder's item may be written over several lines where it is the only one.
    """
    lines = body.removeprefix(b"\xef\xbb\xbf").splitlines()
    if one and not all(line.lstrip()[:1] in (b"{", b"") for line in lines):
        yield 1, b" ".join(lines)
        return
    for start in range(0, len(lines), ROWS_A_PAGE):
        piece = b"\n".join(lines[start : start + ROWS_A_PAGE])
        if piece.strip():
            yield start + 1, piece


def _page(saved: SavedPage, kind: SavedKind, how: HowImported) -> Page:
    digest = hashlib.sha256(saved.body).hexdigest()
    own, named = _web_address(saved.url), _web_address(how.url)
    url = own or (named if kind in PAGES else None) or unknown_address(digest)
    capture = {
        "imported_as": kind.value,
        "place": saved.place,
        "time_from": "the file" if saved.saved_at else "whoever imported it, or the file's own date",
        "address_from": "the file" if own else "whoever imported it" if url == named else "nobody",
    }
    if saved.method != "GET":
        capture["method"] = saved.method
    if how.by:
        capture["imported_by"] = how.by
    snapshot = Snapshot(
        source=TRANSPORT,
        url_asked=url,
        url_answered=url,
        status=how.status if kind in PAGES else saved.status,
        headers=saved.headers,
        fetched_at=min(saved.saved_at or how.seen_at or how.now, how.now),
        transport=TRANSPORT,
        sha256=digest,
        body_bytes=len(saved.body),
        capture=capture,
    )
    return Page(snapshot, saved.body)


def _family(page: Page, how: HowImported, *, is_single: bool) -> Family | None:
    """Who reads the page: the named family, else the one that is surest. None for one that nobody knows."""
    if how.family is None:
        recognised = recognise(page)
        return family_by_name(recognised[0].family) if recognised else None
    named = family_by_name(how.family)
    knows = is_single or named.recognise is recognise_nothing or named.recognise(page) is not None
    return named if knows else None


def _web_address(url: str | None) -> str | None:
    try:
        return parse_target(url).href if url else None
    except RefusedTargetError:
        return None


def _when_saved(path: Path, now: datetime) -> datetime:
    """The file's own date, which a copy may have kept, and never the future."""
    try:
        return min(datetime.fromtimestamp(path.stat().st_mtime, UTC), now)
    except OSError:
        return now
