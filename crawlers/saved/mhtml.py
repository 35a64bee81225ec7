"""MHTML files, as browsers save a page in one file: MIME parts, each with the address it came from (RFC 2557).

The splitter is our own: it cuts at boundaries and goes through a file once, however it is built.
"""

import base64
import binascii
import quopri
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawlers.saved.answer import SavedFileError, SavedPage, Unpacking, may_be_page

MOST_HEAD_BYTES = 64 * 1024
DEEPEST = 4


def mhtml_pages(body: bytes, unpacking: Unpacking) -> Iterator[SavedPage]:
    """The page, and the frames that were saved with it; raises SavedFileError for a file that is no MHTML."""
    headers, rest = _split_head(body)
    if "mime-version" not in headers and "content-type" not in headers:
        raise SavedFileError("is no MHTML file: it does not begin with headers")
    saved_at = _time(headers.get("date", ""))
    found = 0
    for place, part, content in _parts(headers, rest, "part", 0, unpacking):
        page = _page(place, part, content, saved_at, unpacking)
        if page is None:
            continue
        found += 1
        unpacking.take_page()
        yield page
    if not found:
        raise SavedFileError("holds no page: its parts are pictures and styles only")


def _parts(
    headers: Mapping[str, str], body: bytes, place: str, depth: int, unpacking: Unpacking
) -> Iterator[tuple[str, Mapping[str, str], bytes]]:
    """Every part that is not itself a set of parts."""
    kind, boundary = _boundary(headers.get("content-type", ""))
    if not kind.startswith("multipart/"):
        unpacking.take_entry()
        yield place, headers, body
        return
    if not boundary or depth >= DEEPEST:
        raise SavedFileError("has parts without a boundary, or nested too deep")
    # What stands before the first boundary is a preamble; a piece that begins with two dashes ends the set.
    for number, piece in enumerate((b"\n" + body).split(b"\n--" + boundary)[1:], 1):
        if piece.startswith(b"--"):
            return
        inner, content = _split_head(piece.lstrip(b" \t").removeprefix(b"\r").removeprefix(b"\n"))
        yield from _parts(inner, content.removesuffix(b"\r"), f"{place} {number}", depth + 1, unpacking)


def _page(
    place: str, headers: Mapping[str, str], content: bytes, saved_at: datetime | None, unpacking: Unpacking
) -> SavedPage | None:
    stated = headers.get("content-type", "text/html")
    body = _decoded(headers.get("content-transfer-encoding", ""), content)
    if body is None:
        unpacking.leave_out(place, "its body is not encoded as it says")
        return None
    if not may_be_page(stated, body):
        unpacking.pass_over()
        return None
    if len(body) > unpacking.limits.page_bytes:
        unpacking.leave_out(place, f"its body is larger than {unpacking.limits.page_bytes} bytes")
        return None
    address = headers.get("content-location", "").strip()
    return SavedPage(
        body=body,
        place=place,
        url=address if address.startswith(("http://", "https://")) else None,
        saved_at=saved_at,
        headers={"content-type": stated[:200]},
    )


def _decoded(encoding: str, content: bytes) -> bytes | None:
    match encoding.strip().lower():
        case "base64":
            try:
                return base64.b64decode(content)
            except binascii.Error:
                return None
        case "quoted-printable":
            return quopri.decodestring(content)
        case _:
            return content


def _split_head(body: bytes) -> tuple[dict[str, str], bytes]:
    """The headers, folded lines joined, and what follows the blank line."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := body.find(mark, 0, MOST_HEAD_BYTES)) >= 0]
    if not ends:
        return {}, body
    end, width = min(ends)
    headers: dict[str, str] = {}
    last = ""
    for line in body[:end].decode("utf-8", "replace").splitlines():
        if line[:1] in (" ", "\t") and last:
            headers[last] += f" {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if colon:
            last = name.strip().lower()
            headers.setdefault(last, value.strip())
    return headers, body[end + width :]


def _boundary(content_type: str) -> tuple[str, bytes]:
    kind, *parameters = (piece.strip() for piece in content_type.split(";"))
    for parameter in parameters:
        name, _equals, value = parameter.partition("=")
        if name.strip().lower() == "boundary":
            return kind.lower(), value.strip().strip('"').encode("utf-8", "replace")
    return kind.lower(), b""


def _time(stated: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(stated[:100])
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
