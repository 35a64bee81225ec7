"""Which software a place runs, from several of its answers together: headers, markup, answers, errors, its icon.

A stranger can imitate one answer. Over a half needs marks of two kinds, and over four fifths marks in two answers.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawlers.families._html import HtmlError, absolute_url, attribute, find_all, load_html, site_root
from crawlers.families._recognition import FAVICON, FAVICON_CONTEXT, MOST_OF_ONE_KIND, MOST_SURE
from crawlers.family import Recognition
from crawlers.registry import recognise
from domain.snapshot import Page

MOST_OF_ONE_ANSWER = 0.8
MOST_ICON_BYTES = 512 * 1024
NO_ICON = "empty"
"""What stands in a favicon's place where the answer has no byte, as one card shop's software ships it."""

_MASK = 0xFFFFFFFF


def icon_address(page: Page) -> str:
    """Where the page's icon lies: as its head says, else `/favicon.ico`."""
    base = page.snapshot.url_answered
    usual = f"{site_root(base)}/favicon.ico"
    if page.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return usual
    try:
        links = find_all(load_html(page), "link[rel][href]")
    except HtmlError:
        return usual
    named = (attribute(link, "href") for link in links if "icon" in attribute(link, "rel").lower().split())
    return next((address for href in named if (address := absolute_url(href, base))), usual)


def icon_hash(body: bytes) -> str:
    """The icon's MurmurHash3 (32 bits, of its base64 in lines, as search engines for hosts give it), signed decimal."""
    if not body:
        return NO_ICON
    hashed = _murmur3(base64.encodebytes(body[:MOST_ICON_BYTES]))
    return str(hashed - (1 << 32) if hashed & 0x80000000 else hashed)


def recognise_place(pages: Iterable[Page], icon: str = "") -> tuple[Recognition, ...]:
    """What every family says of a place's answers taken together, the surest first."""
    found: dict[str, list[Recognition]] = {}
    for page in pages:
        context = {**page.snapshot.context, FAVICON_CONTEXT: icon} if icon else page.snapshot.context
        seen = Page(replace(page.snapshot, context=context), page.body)
        for recognition in recognise(seen):
            found.setdefault(recognition.family, []).append(recognition)
    # The cap for a single answer would make equals of those that are not.
    order = sorted(found, key=lambda family: (-_agreed(found[family]), family))
    return tuple(_together(family, found[family]) for family in order)


def _agreed(said: Sequence[Recognition]) -> float:
    doubt = 1.0
    for recognition in said:
        doubt *= 1 - recognition.confidence
    return 1 - doubt


def _together(family: str, said: Sequence[Recognition]) -> Recognition:
    marks = tuple(dict.fromkeys(mark for recognition in said for mark in recognition.marks))
    kinds = {mark.partition(":")[0] for mark in marks}
    # The icon is counted with every answer, and is none of them.
    answers = [one for one in said if any(not mark.startswith(f"{FAVICON}:") for mark in one.marks)]
    most = MOST_OF_ONE_KIND if len(kinds) == 1 else MOST_OF_ONE_ANSWER if len(answers) < 2 else MOST_SURE
    return Recognition(family, round(min(_agreed(said), most), 3), marks)


def _murmur3(data: bytes) -> int:
    """MurmurHash3 x86 32 with seed 0 (Austin Appleby, public domain algorithm)."""
    hashed = 0
    whole = len(data) // 4 * 4
    for place in range(0, whole, 4):
        hashed ^= _mixed(int.from_bytes(data[place : place + 4], "little"))
        hashed = (((hashed << 13) | (hashed >> 19)) & _MASK) * 5 + 0xE6546B64 & _MASK
    if whole < len(data):
        hashed ^= _mixed(int.from_bytes(data[whole:], "little"))
    hashed ^= len(data)
    hashed = (hashed ^ (hashed >> 16)) * 0x85EBCA6B & _MASK
    hashed = (hashed ^ (hashed >> 13)) * 0xC2B2AE35 & _MASK
    return hashed ^ (hashed >> 16)


def _mixed(block: int) -> int:
    block = block * 0xCC9E2D51 & _MASK
    return ((block << 15) | (block >> 17)) * 0x1B873593 & _MASK
