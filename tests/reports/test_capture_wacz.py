"""Raw captures as WACZ: records that belong together, digests that hold, and what is not known said."""

import io
import zipfile
from collections.abc import Iterator

import orjson
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from reports.capture_wacz import RawCapture, make_raw_wacz, missing_of
from reports.verify import check_wacz

BODY = "<p>额度 $1</p>".encode()
CAPTURE = RawCapture(
    number=7, url_asked="https://x.example.test/a?b=1", url_answered="https://x.example.test/a?b=1", status=200,
    headers={"content-type": "text/html; charset=utf-8", "x-hostile": "one\r\nset-cookie: two"}, body=BODY,
    sha256="ab" * 32, captured_at="2026-11-24T12:00:00Z", transport="plain", screenshot=b"png",
    capture={"user_agent": "undercut/0.1", "connected_address": "192.0.2.7", "robots": "allowed", "tool": "undercut"},
)  # fmt: skip


def made() -> bytes:
    return make_raw_wacz([CAPTURE], "Raw captures", "2026-11-24T12:30:00Z", "li")


def records() -> Iterator[tuple[str, object, bytes]]:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        warc = archive.read("archive/data.warc.gz")
    for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise"):
        yield record.rec_type, record, record.content_stream().read()


def test_request_response_picture_and_metadata_belong_together() -> None:
    found = {kind: (record, body) for kind, record, body in records()}
    assert list(found) == ["warcinfo", "response", "request", "resource", "metadata"]
    response = found["response"][0].rec_headers  # type: ignore[attr-defined]
    assert found["response"][1] == BODY
    assert response.get_header("WARC-IP-Address") == "192.0.2.7"
    for kind in ("request", "resource", "metadata"):
        linked = found[kind][0].rec_headers.get_header("WARC-Concurrent-To")  # type: ignore[attr-defined]
        assert linked == response.get_header("WARC-Record-ID")
    told = orjson.loads(found["metadata"][1])
    assert (told["robots"], told["body_sha256"], told["snapshot"]) == ("allowed", "ab" * 32, 7)
    assert "the answers of the name server" in told["not_known"]


def test_a_hostile_header_ends_no_header() -> None:
    [head] = [record.http_headers for kind, record, _ in records() if kind == "response"]  # type: ignore[attr-defined]
    assert head.get_header("set-cookie") is None


def test_what_is_known_is_not_said_to_be_missing() -> None:
    assert not any("robots" in words for words in missing_of(CAPTURE))


def test_the_same_captures_give_the_same_bytes_and_any_change_is_found() -> None:
    content = made()
    assert content == made()
    assert check_wacz("x.wacz", content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.getinfo("archive/data.warc.gz").header_offset + 120
    broken = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert check_wacz("x.wacz", broken)
