"""RSS and Atom feeds of forums, blogs and shops: what a feed says, without fetching anything that it names.

HTML where a feed was expected is a wall or a move, and never an empty feed.
"""

import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import feedparser  # type: ignore[import-untyped]

from crawlers.families._forum import author, author_role, links_in, trade_context, trade_places_in
from crawlers.families._html import absolute_url
from crawlers.families._recognition import ANSWER, HEADER, Mark, recognition
from crawlers.families._shop import host_of, item_listing, items_reading, rich_text
from crawlers.families._state import empty, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families._time import time_from_iso
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.listing import Listing
from domain.reading import FurtherRequest, Reading
from domain.snapshot import Page
from domain.source import Source

NAME = "feed"
MOST_BYTES = 8 * 1024 * 1024
MOST_ENTRIES = 500
HEAD_BYTES = 4_096
# Said of feeds that are served under another content type or charset, and read all the same.
_HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
_ROOT = re.compile(rb"<(?:rss|feed|rdf:rdf|atom:feed)[\s>]", re.IGNORECASE)


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """Each start URL; `trade_places` names the categories whose entries are their authors' own offers."""
    return tuple(FurtherRequest(url, trade_context(source)) for url in source.start_urls)


@reads(Expected("any", ("<rss", "<feed", "<rdf:rdf")))
def read(page: Page) -> Reading:
    """The entries of a feed, each once."""
    body = page.body
    if len(body) > MOST_BYTES:
        return not_understood(f"a feed of {len(body)} bytes is over the limit of {MOST_BYTES}")
    head = body[:HEAD_BYTES].replace(b"\x00", b"")
    if not _ROOT.search(head):
        said = "HTML" if b"<html" in head.lower() or b"<!doctype html" in head.lower() else "something else"
        return not_understood(f"{said} where a feed was expected (HTTP {page.snapshot.status})")
    if b"<!entity" in body.lower():
        return not_understood("the feed declares entities of its own, which no honest feed needs")
    # A stream, since feedparser would take a text for an address or a file's name; markup is made text here anyway.
    parsed: Mapping[str, Any] = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": page.snapshot.headers.get("content-type", "")[:200]},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    entries = list(parsed.get("entries", ()))[:MOST_ENTRIES]
    broken = bool(parsed.get("bozo")) and not isinstance(parsed.get("bozo_exception"), _HARMLESS)
    if not entries and broken:
        return not_understood("a feed that is broken before its first entry")
    if not entries:
        return empty("no entries")
    reading = items_reading([_listing(page, entry) for entry in entries], "no entries")
    if not broken:
        return reading
    problems = (*reading.problems, "the feed is not well formed; what could be read was read")
    return Reading(reading.state, reading.reason, reading.listings, problems=problems)


def _listing(page: Page, entry: Mapping[str, Any]) -> Listing | None:
    base = page.snapshot.url_answered
    url = absolute_url(_text(entry, "link"), base)
    title = rich_text(_text(entry, "title"))
    contents = [str(part.get("value", "")) for part in entry.get("content", ()) if isinstance(part, Mapping)]
    markup = max([*contents, _text(entry, "summary")], key=len)
    tags = [one_line(str(tag.get("term") or "")) for tag in entry.get("tags", ()) if isinstance(tag, Mapping)][:20]
    name = one_line(_text(entry, "author"))
    role = author_role(title, tags, trade_places_in(page))
    return item_listing(
        page,
        "feed",
        one_line(_text(entry, "id")) or url or "",
        url or base,
        title,
        texts=(rich_text(markup), ", ".join(tag for tag in tags if tag)),
        handles=author(NAME, f"{name}@{host_of(page)}" if name else "", None, role),
        posted_at=_moment(entry),
        one_time=True,
        links=(*((url,) if url else ()), *links_in(markup, url or base)),
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _moment(entry: Mapping[str, Any]) -> datetime | None:
    """The time of publishing, else of the last change, as feedparser has made it UTC."""
    for key in ("published_parsed", "updated_parsed"):
        # Asked of the dictionary itself: feedparser warns where it would answer one time with the other.
        parts = dict.get(entry, key) if isinstance(entry, dict) else None
        if isinstance(parts, tuple) and len(parts) >= 6:
            year, month, day, hour, minute, second = (int(part) for part in parts[:6])
            return time_from_iso(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}+00:00")
    return None


def recognise(page: Page) -> Recognition | None:
    """A feed is a format and no software, so this says no more than that it is one."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if _ROOT.search(page.body[:HEAD_BYTES]):
        yield Mark(ANSWER, 0.5, "root element of a feed")
        kind = page.snapshot.headers.get("content-type", "")
        if any(name in kind for name in ("rss", "atom", "xml")):
            yield Mark(HEADER, 0.4, "content type of a feed")


FAMILY = Family(
    name=NAME,
    software="RSS or Atom feed",
    platform="feed",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
