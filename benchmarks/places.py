"""The pages that families are measured on: our own golden cases, and saved answers of true places where they lie."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawlers.families._html import host_of
from domain.snapshot import Page, Snapshot

REPOSITORY = Path(__file__).resolve().parent.parent
GOLDEN = REPOSITORY / "tests" / "golden"
FAMILIES_OF = {"api.github.com": "github", "www.reddit.com": "reddit", "h5api.m.goofish.com": "goofish"}
MOST_BYTES = 20 * 2**20


@dataclass(frozen=True, slots=True)
class GoldenPage:
    """A page that was written for a family, the kind of case it is, and the state it must be read as."""

    family: str
    kind: str
    state: str
    page: Page


def golden_pages() -> Iterator[GoldenPage]:
    """Every golden case."""
    for folder in sorted(GOLDEN.glob("*/*")):
        if folder.is_dir():
            meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
            expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
            body = next(iter(sorted(folder.glob("page.*")))).read_bytes()
            page = page_of(
                body,
                meta["url"],
                status=meta.get("status", 200),
                headers=meta.get("headers", {}),
                context=meta.get("context", {}),
                answered=meta.get("url_answered"),
            )
            yield GoldenPage(folder.parent.name, folder.name.partition("_")[0], expected["state"], page)


def captures_folder() -> Path:
    """Where saved answers of true places lie, if anywhere; they are no part of the project."""
    shared = os.environ.get("UNDERCUT_SHARED")
    return (Path(shared) if shared else REPOSITORY.parent / "shared") / "captures"


def capture_pages() -> Iterator[Page]:
    """Every saved answer, packed ones unpacked."""
    for file in sorted(captures_folder().rglob("*")):
        if file.is_file() and file.stat().st_size <= MOST_BYTES:
            body = file.read_bytes()
            if file.suffix == ".gz":
                body = gzip.decompress(body)
            yield page_of(body, file.as_uri())


def refusal_pages() -> Iterator[tuple[str | None, str, Page]]:
    """Every saved refusal: its place's family (None where there is none), the state it must be read as, the page."""
    index = captures_folder() / "failures" / "index.tsv"
    if index.is_file():
        for line in index.read_text(encoding="utf-8").splitlines()[1:]:
            file, url, status, state = line.split("\t")
            yield (
                FAMILIES_OF.get(host_of(url)),
                state,
                page_of((index.parent / file).read_bytes(), url, status=int(status)),
            )


def page_of(
    body: bytes,
    url: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    context: dict[str, str] | None = None,
    answered: str | None = None,
) -> Page:
    """A page as a transport would hand it over."""
    snapshot = Snapshot(
        source="benchmark/case",
        url_asked=url,
        url_answered=answered or url,
        status=status,
        headers=headers or {},
        fetched_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        transport="replay",
        sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        context=context or {},
    )
    return Page(snapshot, body)
