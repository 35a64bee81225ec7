"""Saved pages read as if they had just been fetched: no network and no database."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawlers.family import Family
from crawlers.registry import family as family_by_name
from crawlers.registry import recognise
from domain.errors import UndercutError
from domain.reading import Reading, ReadingState
from domain.snapshot import Page, Snapshot

SOURCE = "saved-page"
MOST_BYTES = 64 * 1024 * 1024

ReadSavedPage = Callable[[str, Page], Reading]
"""Reads a page with the family of that name, within limits."""


class SavedPageError(UndercutError):
    """A file cannot be read at all."""


@dataclass(frozen=True, slots=True)
class HowSaved:
    """What a person knows of a saved page: its family, address and HTTP status, and the day it was seen."""

    seen_at: datetime
    family: str | None = None
    url: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class SavedReading:
    """A file, the family that read it (None where none was recognised) and what it read."""

    file: Path
    family: str | None
    reading: Reading


def read_saved_pages(files: tuple[Path, ...], how: HowSaved, read: ReadSavedPage) -> Iterator[SavedReading]:
    """Each file read by the named family, or by the one that recognises it; raises SavedPageError for no file."""
    for file in files:
        page = saved_page(file, how)
        chosen = _family(page, how)
        if chosen is None:
            reason = "no family recognises this page; name one with --family"
            yield SavedReading(file, None, Reading(ReadingState.NOT_UNDERSTOOD, reason))
        else:
            yield SavedReading(file, chosen.name, read(chosen.name, page))


def saved_page(file: Path, how: HowSaved) -> Page:
    """The file as a page; its address is its own name where none is given."""
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            raise SavedPageError(f"{file} has {size} bytes; a saved page has at most {MOST_BYTES}")
        body = file.read_bytes()
    except OSError as error:
        raise SavedPageError(f"cannot read {file}: {error.strerror}") from error
    url = how.url or f"https://saved.invalid/{file.name}"
    snapshot = Snapshot(
        source=SOURCE,
        url_asked=url,
        url_answered=url,
        status=how.status,
        headers={},
        fetched_at=how.seen_at,
        transport="file",
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
    )
    return Page(snapshot, body)


def _family(page: Page, how: HowSaved) -> Family | None:
    if how.family is not None:
        return family_by_name(how.family)
    recognised = recognise(page)
    return family_by_name(recognised[0].family) if recognised else None
