"""WACZ 1.1.1 made here: WARC by warcio, and the small files around it written by hand.

The `wacz` package would do it, and brings a dependency under the AGPL; the format is a zip of four plain files.
"""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

import ada_url
import orjson
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from reports.prepare import report_uuid
from reports.verify import write_zip

VERSION = "1.1.1"
_SOFTWARE = "Undercut"


@dataclass(frozen=True, slots=True)
class Capture:
    """One captured page that goes into an archive: its address, body, type, time (RFC 3339) and what it shows."""

    link: str
    body: bytes
    media_type: str
    captured_at: str
    title: str
    sha256: str
    screenshot: bool = False


def make_wacz(captures: Sequence[Capture], title: str, made_at: str) -> bytes:
    """A WACZ of those captures; the same captures give the same bytes.

    Bodies are the masked derivatives, so each record is a `resource` (what we hold) and none pretends to be the raw
    response of a server.
    """
    warc, index = _write_warc(captures, made_at)
    pages = [
        {"id": capture.sha256[:16], "url": capture.link, "ts": capture.captured_at, "title": capture.title}
        for capture in captures
        if not capture.screenshot
    ]
    return pack_wacz(warc, index, pages, title, made_at)


def pack_wacz(warc: bytes, index: bytes, pages: Sequence[dict[str, str]], title: str, made_at: str) -> bytes:
    """The zip around an archive, its index and its list of pages, with the digests of all three."""
    first = {"format": "json-pages-1.0", "id": "pages", "title": "Captured pages"}
    files = {
        "archive/data.warc.gz": warc,
        "indexes/index.cdx": index,
        "pages/pages.jsonl": b"".join(orjson.dumps(line) + b"\n" for line in (first, *pages)),
    }
    package = orjson.dumps(_datapackage(files, title, made_at), option=orjson.OPT_INDENT_2)
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"}
    files |= {"datapackage.json": package, "datapackage-digest.json": orjson.dumps(digest)}
    return write_zip(files.items(), made_at)


def _write_warc(captures: Sequence[Capture], made_at: str) -> tuple[bytes, bytes]:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    info = writer.create_warcinfo_record("data.warc.gz", {"software": _SOFTWARE, "format": "WARC File Format 1.1"})
    _fix(info, "info", made_at)
    writer.write_record(info)
    lines = []
    for number, capture in enumerate(captures):
        start = buffer.tell()
        target = f"urn:screenshot:{capture.link}" if capture.screenshot else capture.link
        record = writer.create_warc_record(
            target, "resource", payload=io.BytesIO(capture.body), length=len(capture.body),
            warc_content_type=capture.media_type,
            warc_headers_dict={"WARC-Creation-Note": "masked derivative"},
        )  # fmt: skip
        _fix(record, f"{number}:{capture.sha256}", capture.captured_at)
        writer.write_record(record)
        lines.append(_cdxj(capture, target, start, buffer.tell() - start))
    return buffer.getvalue(), "".join(sorted(lines)).encode("utf-8")


def _fix(record: object, key: str, moment: str) -> None:
    headers: StatusAndHeaders = record.rec_headers  # type: ignore[attr-defined]
    headers.replace_header("WARC-Record-ID", f"<urn:uuid:{report_uuid('warc', key, moment)}>")
    headers.replace_header("WARC-Date", moment)


def _cdxj(capture: Capture, target: str, offset: int, length: int) -> str:
    stamp = "".join(character for character in capture.captured_at if character.isdigit())
    fields = {
        "url": target, "mime": capture.media_type, "status": "200", "digest": f"sha-256:{capture.sha256}",
        "length": str(length), "offset": str(offset), "filename": "data.warc.gz",
    }  # fmt: skip
    return f"{search_key(target)} {stamp} {orjson.dumps(fields).decode('utf-8')}\n"


def search_key(target: str) -> str:
    """The sort-friendly form of an address (SURT) that players look pages up by."""
    if target.startswith("urn:"):
        return target.lower()
    parsed = ada_url.URL(target)
    host = ",".join(reversed(parsed.hostname.split(".")))
    port = f":{parsed.port}" if parsed.port else ""
    return f"{host}{port}){parsed.pathname}{parsed.search}".lower()


def _datapackage(files: dict[str, bytes], title: str, made_at: str) -> dict[str, object]:
    resources = [
        {"name": path.rpartition("/")[2], "path": path, "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
         "bytes": len(body)}
        for path, body in files.items()
    ]  # fmt: skip
    return {
        "profile": "data-package", "wacz_version": VERSION, "title": title, "software": _SOFTWARE, "created": made_at,
        "resources": resources,
    }  # fmt: skip
