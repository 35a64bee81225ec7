"""Pages that an analyst of the street saved, of places that show nothing to a program: `content/saved/<name>.yml`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from street.content import files_in, yaml_of

FOLDER = "saved"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One saved answer: the software it is of, the address it was saved from, its listings' ids, and its bytes."""

    family: str
    url: str
    listings: tuple[str, ...]
    body: bytes


def saved_pages() -> Sequence[SavedPage]:
    """Every saved page, in order of their files."""
    said = [yaml_of(file) for file in files_in(FOLDER, ".yml")]
    return [
        SavedPage(
            one["family"],
            one["url"],
            tuple(map(str, one["listings"])),
            json.dumps(one["json"], ensure_ascii=False).encode("utf-8"),
        )
        for one in said
    ]


def write_saved_pages(folder: Path) -> Sequence[tuple[SavedPage, Path]]:
    """Write every saved page below `folder`, as an analyst's browser would have left it."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for page in saved_pages():
        path = folder / f"{page.family}.json"
        path.write_bytes(page.body)
        written.append((page, path))
    return written
