"""How sure a family may be that a page is its software: only marks of different kinds add up to more than a half.

A stranger can imitate one answer or set one header; that two or more kinds of evidence agree is what counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from crawlers.families._html import HtmlError, attribute, find_all, find_first, load_html_text, text_of
from crawlers.families._text import decode_body
from crawlers.family import Recognition
from domain.snapshot import Page

HEAD_BYTES = 64 * 1024
MOST_OF_ONE_KIND = 0.5
MOST_SURE = 0.98

ADDRESS, HEADER, MARKUP, ANSWER, FAVICON = "address", "header", "markup", "answer", "favicon"

FAVICON_CONTEXT = "favicon_mmh3"
"""Where whoever asks families to recognise a page may put its icon's MurmurHash3, as a signed decimal number."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of a software: its kind of evidence, how telling it is (0 to 1), and what it is in words."""

    kind: str
    strength: float
    said: str


@dataclass(frozen=True, slots=True)
class PageHead:
    """What the head of an HTML page says of itself; empty for anything that is not HTML."""

    title: str = ""
    generator: str = ""
    description: str = ""
    author: str = ""
    keywords: str = ""


def recognition(family: str, marks: Iterable[Mark]) -> Recognition | None:
    """The marks put together; None without any."""
    found = tuple(marks)
    if not found:
        return None
    doubt = 1.0
    for mark in found:
        doubt *= 1 - mark.strength
    kinds = {mark.kind for mark in found}
    most = MOST_SURE if len(kinds) > 1 else MOST_OF_ONE_KIND
    said = tuple(f"{mark.kind}: {mark.said}" for mark in found)
    return Recognition(family, round(min(1 - doubt, most), 3), said)


def carries(page: Page, *needles: bytes) -> bool:
    """Do all of these stand in the body?"""
    return all(needle in page.body for needle in needles)


def head_of(page: Page) -> PageHead:
    """The head of the page, read from its first 64 KB."""
    return _head_of(page.body[:HEAD_BYTES], page.snapshot.headers.get("content-type", ""))


@lru_cache(maxsize=16)
def _head_of(body: bytes, content_type: str) -> PageHead:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return PageHead()
    try:
        document = load_html_text(decode_body(body, content_type))
    except HtmlError:
        return PageHead()
    named = {attribute(meta, "name").lower(): attribute(meta, "content") for meta in find_all(document, "meta[name]")}
    return PageHead(
        title=text_of(find_first(document, "title"))[:300],
        generator=named.get("generator", ""),
        description=named.get("description", ""),
        author=named.get("author", ""),
        keywords=named.get("keywords", ""),
    )
