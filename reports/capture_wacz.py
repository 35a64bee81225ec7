"""Raw captures as WARC 1.1 inside a WACZ: request, response, picture and metadata of each, linked to one another.

What a transport did not show is said to be missing in the metadata and never made up: a response's head is written from
the headers that were kept, and its body is the decoded one, whose digest is the name of the evidence object.
"""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import orjson
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from reports.prepare import report_uuid
from reports.wacz import pack_wacz, search_key

_TOLD = {
    "connected_address": "the address that was connected to",
    "certificate_sha256": "the digest of the server's certificate",
    "robots": "the decision about robots.txt",
    "tool": "the version of the tool",
    "user_agent": "the user agent that was sent",
    "resolver_answers": "the answers of the name server",
    "clock_offset_seconds": "how far this machine's clock was off",
}


@dataclass(frozen=True, slots=True)
class RawCapture:
    """One answer of one place as it is kept; `captured_at` is RFC 3339 in UTC, ending in Z."""

    number: int
    url_asked: str
    url_answered: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    sha256: str
    captured_at: str
    capture: Mapping[str, str]
    transport: str
    screenshot: bytes | None = None
    title: str = ""


@dataclass(slots=True)
class _Archive:
    buffer: io.BytesIO = field(default_factory=io.BytesIO)
    lines: list[str] = field(default_factory=list)


def make_raw_wacz(captures: Sequence[RawCapture], title: str, made_at: str, operator: str) -> bytes:
    """A WACZ of raw captures; the same captures give the same bytes."""
    archive = _Archive()
    writer = WARCWriter(archive.buffer, gzip=True, warc_version="1.1")
    agents = sorted({one.capture["user_agent"] for one in captures if "user_agent" in one.capture})
    info = {"software": "Undercut", "format": "WARC File Format 1.1", "operator": operator,
            "http-header-user-agent": ", ".join(agents) or "not known"}  # fmt: skip
    record = writer.create_warcinfo_record("data.warc.gz", info)
    _name(record, report_uuid("warc", "raw", made_at).urn, made_at)
    writer.write_record(record)
    for one in captures:
        _write(writer, archive, one)
    pages = [
        {"id": one.sha256[:16], "url": one.url_answered, "ts": one.captured_at, "title": one.title or one.url_answered}
        for one in captures
    ]
    index = "".join(sorted(archive.lines)).encode("utf-8")
    return pack_wacz(archive.buffer.getvalue(), index, pages, title, made_at)


def missing_of(capture: RawCapture) -> list[str]:
    """What is not known of a capture, in words."""
    missing = [words for name, words in _TOLD.items() if name not in capture.capture]
    missing.append("the response's head byte by byte: it is written from the headers that the transport showed")
    if "content_encoding" in capture.capture:
        missing.append("the body as it was encoded on the wire: it is kept decoded")
    if capture.screenshot is None:
        missing.append("a picture of the page")
    return missing


def _write(writer: WARCWriter, archive: _Archive, one: RawCapture) -> None:
    response_id, request_id = (report_uuid("warc", kind, str(one.number), one.sha256).urn for kind in ("res", "req"))
    links = {"WARC-Concurrent-To": f"<{response_id}>"}
    where = {"WARC-IP-Address": one.capture["connected_address"]} if "connected_address" in one.capture else {}
    start = archive.buffer.tell()
    head = StatusAndHeaders(f"{one.status} ", _plain(one.headers), protocol="HTTP/1.1")
    response = writer.create_warc_record(
        one.url_answered, "response", payload=io.BytesIO(one.body), length=len(one.body), http_headers=head,
        warc_headers_dict=where,
    )  # fmt: skip
    _name(response, response_id, one.captured_at)
    writer.write_record(response)
    archive.lines.append(_line(one, start, archive.buffer.tell() - start))
    asked = StatusAndHeaders(_request_line(one), _request_headers(one), is_http_request=True)
    request = writer.create_warc_record(
        one.url_asked, "request", payload=io.BytesIO(b""), length=0, http_headers=asked, warc_headers_dict=links
    )
    _name(request, request_id, one.captured_at)
    writer.write_record(request)
    if one.screenshot is not None:
        picture = writer.create_warc_record(
            f"urn:screenshot:{one.url_answered}", "resource", payload=io.BytesIO(one.screenshot),
            length=len(one.screenshot), warc_content_type="image/png", warc_headers_dict=links,
        )  # fmt: skip
        _name(picture, report_uuid("warc", "png", str(one.number), one.sha256).urn, one.captured_at)
        writer.write_record(picture)
    told = orjson.dumps(_metadata(one), option=orjson.OPT_INDENT_2)
    metadata = writer.create_warc_record(
        f"urn:metadata:{one.url_answered}", "metadata", payload=io.BytesIO(told), length=len(told),
        warc_content_type="application/json", warc_headers_dict=links,
    )  # fmt: skip
    _name(metadata, report_uuid("warc", "meta", str(one.number), one.sha256).urn, one.captured_at)
    writer.write_record(metadata)


def _metadata(one: RawCapture) -> dict[str, object]:
    return {
        "snapshot": one.number,
        "url_asked": one.url_asked,
        "url_answered": one.url_answered,
        "fetched_at": one.captured_at,
        "transport": one.transport,
        "body_sha256": one.sha256,
        "body_bytes": len(one.body),
        "screenshot_sha256": None if one.screenshot is None else hashlib.sha256(one.screenshot).hexdigest(),
        **dict(sorted(one.capture.items())),
        "not_known": missing_of(one),
    }


def _request_line(one: RawCapture) -> str:
    parts = urlsplit(one.url_asked)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{one.capture.get('method', 'GET')} {_clean(target)} HTTP/1.1"


def _request_headers(one: RawCapture) -> list[tuple[str, str]]:
    headers = [("host", _clean(urlsplit(one.url_asked).netloc))]
    if "user_agent" in one.capture:
        headers.append(("user-agent", _clean(one.capture["user_agent"])))
    return headers


def _plain(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(_clean(name), _clean(value)) for name, value in headers.items()]


def _clean(text: str) -> str:
    """Fit for a header: hostile texts may not end one."""
    return "".join(character if 32 <= ord(character) < 127 else "?" for character in text)


def _name(record: object, urn: str, moment: str) -> None:
    headers: StatusAndHeaders = record.rec_headers  # type: ignore[attr-defined]
    headers.replace_header("WARC-Record-ID", f"<{urn}>")
    headers.replace_header("WARC-Date", moment)


def _line(one: RawCapture, offset: int, length: int) -> str:
    stamp = "".join(character for character in one.captured_at[:19] if character.isdigit())
    fields = {
        "url": one.url_answered, "mime": one.headers.get("content-type", "unk").partition(";")[0] or "unk",
        "status": str(one.status), "digest": f"sha-256:{one.sha256}", "length": str(length), "offset": str(offset),
        "filename": "data.warc.gz",
    }  # fmt: skip
    return f"{search_key(one.url_answered)} {stamp} {orjson.dumps(fields).decode('utf-8')}\n"
