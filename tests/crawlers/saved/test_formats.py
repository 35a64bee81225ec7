"""Each format gives back the answers that went in, with their address, time and status, and nothing of a session."""

import io
from pathlib import Path

import pytest

from crawlers.saved.answer import SavedPage, Unpacking
from crawlers.saved.files import SavedKind, open_saved_file
from tests.crawlers.saved.builders import SAVED_AT, Answer, har_of, mhtml_of, wacz_of, warc_of

PAGE = "<!doctype html><title>店铺</title><p>Claude Max 20x = ¥280 — «срочно»\n--not-a-boundary\r\n</p>".encode()
DATA = '{"ret": ["SUCCESS::调用成功"], "data": {"a": 1}}'.encode()
ANSWERS = (
    Answer("https://shop.example.test/item?id=1", PAGE, "text/html; charset=utf-8"),
    Answer("https://shop.example.test/logo.png", b"picture", "image/png"),
    Answer("https://api.example.test/list", DATA, "application/json", 404, {"Set-Cookie": "sid=1", "X-Kept": "yes"}),
)
FILES = {
    "har": har_of(ANSWERS),
    "har in base64": har_of(ANSWERS, as_base64=True),
    "warc": warc_of(ANSWERS, packed=False),
    "warc.gz": warc_of(ANSWERS),
    "wacz": wacz_of(ANSWERS),
    "wacz, deflated": wacz_of(ANSWERS, deflated=True),
}


def pages_of(tmp_path: Path, body: bytes, name: str = "saved") -> tuple[SavedKind, list[SavedPage], Unpacking]:
    file = tmp_path / name
    file.write_bytes(body)
    unpacking = Unpacking()
    saved = open_saved_file(file, unpacking)
    return saved.kind, list(saved.pages(unpacking)), unpacking


@pytest.mark.parametrize("name", FILES)
def test_archives_give_back_what_went_in(tmp_path: Path, name: str) -> None:
    kind, (page, data), unpacking = pages_of(tmp_path, FILES[name])
    assert kind.value == name.partition(" ")[0].removesuffix(".gz").rstrip(",")
    assert (page.body, page.url, page.saved_at, page.status) == (PAGE, ANSWERS[0].url, SAVED_AT, 200)
    assert (data.body, data.url, data.saved_at, data.status) == (DATA, ANSWERS[2].url, SAVED_AT, 404)
    assert data.headers["x-kept"] == "yes"
    assert unpacking.problems == []
    assert unpacking.passed_over >= 1
    for each in (page, data):
        assert "session" not in repr(each)
        assert not {"set-cookie", "cookie", "content-encoding", "transfer-encoding"} & each.headers.keys()


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_mhtml(tmp_path: Path, encoding: str) -> None:
    body = PAGE.replace(b"\r\n", b"\n")  # quoted-printable writes line ends as the file's own
    answers = (Answer(ANSWERS[0].url, body, "text/html; charset=utf-8"), ANSWERS[1])
    kind, (page,), unpacking = pages_of(tmp_path, mhtml_of(answers, encoding=encoding))
    assert kind is SavedKind.MHTML
    assert page.body.replace(b"\r\n", b"\n").rstrip() == body.rstrip()
    assert (page.url, page.saved_at) == (ANSWERS[0].url, SAVED_AT)
    assert unpacking.passed_over == 1


def test_packed_and_chunked_answers_of_a_warc_are_unpacked(tmp_path: Path) -> None:
    import gzip

    packed = Answer("https://a.example.test/", gzip.compress(PAGE), headers={"Content-Encoding": "gzip"})
    pieces = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
    chunked = Answer("https://b.example.test/", pieces, headers={"Transfer-Encoding": "chunked"})
    merely_said = Answer("https://c.example.test/", PAGE, headers={"Transfer-Encoding": "chunked"})
    _kind, pages, unpacking = pages_of(tmp_path, warc_of([packed, chunked, merely_said]))
    assert [page.body for page in pages] == [PAGE] * 3
    assert unpacking.problems == []


@pytest.mark.parametrize(
    ("body", "url", "saved_at"),
    [
        (b"<!-- saved from url=(0036)https://shop.example.test/item?id=1 -->\n<p>x", True, None),
        (b'<head><link rel="canonical" href="https://shop.example.test/item?id=1"></head>', True, None),
        (
            b"<html><!--\n Page saved with SingleFile \n url: https://shop.example.test/item?id=1 \n"
            b" saved date: Wed May 20 2026 16:30:00 GMT+0800 (China Standard Time)\n-->",
            True,
            SAVED_AT,
        ),
        (b"<p>nothing said</p>", False, None),
    ],
)
def test_a_plain_page_says_where_it_was_saved_from(tmp_path: Path, body: bytes, url: bool, saved_at: object) -> None:
    kind, (page,), _unpacking = pages_of(tmp_path, body)
    assert kind is SavedKind.HTML
    assert page.url == (ANSWERS[0].url if url else None)
    assert page.saved_at == saved_at


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("answer", b'{"ret": [], "data": {}}', SavedKind.JSON),
        ("answer", b'mtopjsonp1({"ret": []})', SavedKind.JSON),
        ("answer", b'[{"cardData": {}}]', SavedKind.JSON),
        ("rows.jsonl", b'{"anything": 1}\n', SavedKind.LINES),
        ("rows", b'{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n', SavedKind.LINES),
        ("row", b'{"id": "a", "text": "x"}', SavedKind.LINES),
        ("post", b'{"id": 1, "text": "x", "author": {"name": "of a forum"}}', SavedKind.JSON),
        ("fed", b'{"source": "f", "data": "eA==", "meta": {}}', SavedKind.FEEDER),
        (
            "fed",
            b'{"source": "f", "data": "eA==", "meta": {}}\n{"source": "f", "data": "", "meta": {}}',
            SavedKind.FEEDER,
        ),
        ("shot.png", b"\x89PNG\r\n\x1a\n", SavedKind.PICTURE),
        ("wide", "<html>宽".encode("utf-16"), SavedKind.HTML),
    ],
)
def test_a_file_is_told_by_what_stands_in_it(tmp_path: Path, name: str, body: bytes, kind: SavedKind) -> None:
    file = tmp_path / name
    file.write_bytes(body)
    assert open_saved_file(file, Unpacking()).kind is kind


def test_a_frame_saved_with_a_page_is_a_page_of_its_own(tmp_path: Path) -> None:
    frame = Answer("https://frame.example.test/", b"<p>frame</p>")
    _kind, pages, _unpacking = pages_of(tmp_path, mhtml_of([ANSWERS[0], frame]))
    assert [page.url for page in pages] == [ANSWERS[0].url, frame.url]
    assert io.BytesIO(pages[1].body).read().strip() == frame.body
