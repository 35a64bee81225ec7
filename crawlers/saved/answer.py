"""An answer out of a saved file, and the limits that hold while one is taken apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.errors import UndercutError
from domain.hostile_text import one_line

MIB = 1024 * 1024

# A page wants words: pictures, films, fonts, styles and programs hold no listings.
_TEXT_KINDS = ("html", "json", "xml", "text/plain")
_SCRIPT_KINDS = ("javascript", "ecmascript")


class SavedFileError(UndercutError):
    """A saved file cannot be read, or not to its end; the message says why."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One answer as it was saved, its body decoded. What the format does not hold is None, never made up.

    `place` says where in the file it stands. Header names are lower case; what could hold a session is left out.
    """

    body: bytes
    place: str
    url: str | None = None
    saved_at: datetime | None = None
    status: int = 200
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnpackLimits:
    """What one saved file may hold.

    `whole_bytes` bounds files that are read at once, `streamed_bytes` archives that are read piece by piece, and
    `unpacked_bytes` all that comes out of one file. An entry over `page_bytes` is left out and named.
    """

    whole_bytes: int = 64 * MIB
    streamed_bytes: int = 1024 * MIB
    unpacked_bytes: int = 1024 * MIB
    page_bytes: int = 10 * MIB
    entries: int = 20_000
    pages: int = 2_000
    problems: int = 50


USUAL_LIMITS = UnpackLimits()


class Unpacking:
    """Keeps count while one file is taken apart: bytes, entries, pages, and what was left out and why."""

    def __init__(self, limits: UnpackLimits = USUAL_LIMITS) -> None:
        self.limits = limits
        self.problems: list[str] = []
        self.passed_over = 0
        self._bytes = 0
        self._entries = 0
        self._pages = 0

    def take_bytes(self, number: int) -> None:
        """Count bytes that came out; raises SavedFileError over the limit."""
        self._bytes += number
        if self._bytes > self.limits.unpacked_bytes:
            raise SavedFileError(f"unpacks to more than {self.limits.unpacked_bytes} bytes; the rest is not read")

    def take_entry(self) -> None:
        """Count an entry; raises SavedFileError over the limit."""
        self._entries += 1
        if self._entries > self.limits.entries:
            raise SavedFileError(f"holds more than {self.limits.entries} entries; the rest is not read")

    def take_page(self) -> None:
        """Count a page that is read; raises SavedFileError over the limit."""
        self._pages += 1
        if self._pages > self.limits.pages:
            raise SavedFileError(f"holds more than {self.limits.pages} pages; import it in pieces")

    def leave_out(self, place: str, reason: str) -> None:
        """Note an entry that should have been read and could not be."""
        if len(self.problems) < self.limits.problems:
            self.problems.append(f"{place}: {one_line(reason)}")
        elif len(self.problems) == self.limits.problems:
            self.problems.append("and more")

    def pass_over(self) -> None:
        """Count an entry that is no page: a picture, a style, a failed request."""
        self.passed_over += 1


def may_be_page(content_type: str, body: bytes) -> bool:
    """Could listings stand in this answer? By its stated kind; scripts only where they are a call with data (JSONP)."""
    kind = content_type.partition(";")[0].strip().lower()
    if any(word in kind for word in _SCRIPT_KINDS):
        return is_call_with_data(body)
    return bool(body.strip()) and (not kind or any(word in kind for word in _TEXT_KINDS))


def is_call_with_data(body: bytes) -> bool:
    """Does it begin like `callback({`, as JSONP does?"""
    name, bracket, rest = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n;/*").partition(b"(")
    callee = name.strip()
    plain = callee.replace(b"_", b"").replace(b"$", b"").replace(b".", b"")
    return bool(bracket) and plain.isalnum() and len(callee) <= 64 and rest.lstrip()[:1] in (b"{", b"[")


_SESSION_HEADERS = frozenset({"set-cookie", "set-cookie2", "authorization", "proxy-authorization", "cookie"})
_PACKING_HEADERS = frozenset({"content-encoding", "transfer-encoding", "connection", "keep-alive"})


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers in lower case without those that describe the wire or open somebody's session."""
    lowered = {name.lower()[:200]: value[:8_192] for name, value in headers.items() if not name.startswith(":")}
    return {name: value for name, value in lowered.items() if name not in _SESSION_HEADERS | _PACKING_HEADERS}
