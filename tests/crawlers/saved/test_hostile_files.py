"""Files that are built to harm whoever opens them cost their limit, are named, and write nothing anywhere."""

import contextlib
import gzip
import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.saved.answer import SavedFileError, SavedPage, Unpacking, UnpackLimits
from crawlers.saved.files import open_saved_file
from crawlers.saved.har import har_pages
from crawlers.saved.mhtml import mhtml_pages
from crawlers.saved.warc import wacz_pages, warc_pages
from tests.crawlers.saved.builders import Answer, har_of, mhtml_of, wacz_of, warc_of

PAGE = Answer("https://shop.example.test/", b"<p>one</p>")
SMALL = UnpackLimits(
    whole_bytes=1_000_000, streamed_bytes=1_000_000, unpacked_bytes=2_000_000, page_bytes=100_000, entries=50, pages=10
)
MIB = 1024 * 1024


def read(tmp_path: Path, body: bytes, limits: UnpackLimits = SMALL) -> tuple[list[SavedPage], Unpacking, str]:
    file = tmp_path / "saved"
    file.write_bytes(body)
    unpacking = Unpacking(limits)
    pages: list[SavedPage] = []
    started = time.monotonic()
    try:
        pages.extend(open_saved_file(file, unpacking).pages(unpacking))
    except SavedFileError as error:
        return pages, unpacking, str(error)
    finally:
        assert time.monotonic() - started < 2
        assert [each.name for each in tmp_path.iterdir()] == ["saved"]
    return pages, unpacking, ""


def test_names_that_climb_out_of_an_archive_are_only_names(tmp_path: Path) -> None:
    inner = warc_of([PAGE])
    others = {"archive/../../../../tmp/out.warc.gz": inner, "../up.warc": inner, "/etc/x.warc": inner, "a\x00b": inner}
    pages, _unpacking, error = read(tmp_path, wacz_of([PAGE], others=others))
    assert error == ""
    assert {page.body for page in pages} == {PAGE.body}
    assert not Path("/tmp/out.warc.gz").exists()  # noqa: S108 - the place that the archive names


def bombs() -> dict[str, bytes]:
    zeros = bytes(64 * MIB)
    long_line = b"WARC/1.0\r\nContent-Length: 5\r\nX: " + b"a" * 64 * MIB
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/a.warc", zeros)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(200):
            archive.writestr(f"archive/{number}.warc.gz", warc_of([PAGE]))
    return {
        "gzip of zeros": gzip.compress(zeros),
        "gzip of one header line": gzip.compress(long_line),
        "gzip within gzip": gzip.compress(gzip.compress(zeros)),
        "zip of zeros": zipped.getvalue(),
        "zip of many": many.getvalue(),
        "zip within zip": wacz_of([PAGE], others={"archive/b.warc.gz": gzip.compress(zeros)}),
        "packed answer": warc_of(
            [Answer("https://a.example.test/", gzip.compress(zeros), headers={"Content-Encoding": "gzip"})]
        ),
        "har of many": har_of([PAGE] * 60),
        "har, deep": b'{"log": {"entries": ' + b"[" * 50_000 + b"]" * 50_000 + b"}}",
        "mhtml of many": mhtml_of([PAGE] * 60),
        "warc of many": warc_of([PAGE] * 60),
        "warc of a length": b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 X\r\n",
    }


BOMBS = bombs()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_its_limit_and_is_named(tmp_path: Path, name: str) -> None:
    pages, unpacking, error = read(tmp_path, BOMBS[name])
    assert error or unpacking.problems
    assert len(pages) <= SMALL.pages
    assert all(len(page.body) <= SMALL.page_bytes for page in pages)


def test_a_nest_of_parts_ends(tmp_path: Path) -> None:
    body = b"<p>core</p>"
    for number in range(100):
        head = f'Content-Type: multipart/mixed; boundary="b{number}"\r\nMIME-Version: 1.0\r\n\r\n'.encode()
        body = head + f"--b{number}\r\n".encode() + body + f"\r\n--b{number}--\r\n".encode()
    assert "nested too deep" in read(tmp_path, body)[2]


def test_a_list_of_members_that_is_itself_the_bomb(tmp_path: Path) -> None:
    whole = bytearray(wacz_of([PAGE]))
    end = whole.rfind(b"PK\x05\x06")
    whole[end + 12 : end + 16] = (1 << 31).to_bytes(4, "little")
    assert "too large to be honest" in read(tmp_path, bytes(whole))[2]


def test_an_encrypted_member_is_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    whole = bytearray(wacz_of([PAGE], others={"archive/second.warc.gz": warc_of([PAGE])}))
    directory = whole.rfind(b"PK\x01\x02")
    for start in (whole.find(b"archive/second") - 30, directory):
        whole[start + (6 if start != directory else 8)] |= 1
    pages, unpacking, error = read(tmp_path, bytes(whole))
    assert (len(pages), error) == (1, "")
    assert any("encrypted" in problem for problem in unpacking.problems)


def test_what_was_read_before_a_broken_place_stays(tmp_path: Path) -> None:
    whole = warc_of([PAGE], packed=False) + b"not a record"
    pages, _unpacking, error = read(tmp_path, whole)
    assert len(pages) == 1
    assert "broken" in error


@pytest.mark.parametrize("cut", [1, 10, 100, 200, 400])
def test_files_that_are_cut_short(tmp_path: Path, cut: int) -> None:
    for body in (warc_of([PAGE]), wacz_of([PAGE]), har_of([PAGE])):
        _pages, _unpacking, error = read(tmp_path, body[:-cut])
        assert error or body[:4] == b"\x1f\x8b\x08\x00"


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(SavedFileError, match="cannot be read: No such file"):
        open_saved_file(tmp_path / "absent", Unpacking())
    with pytest.raises(SavedFileError, match="cannot be read: Is a directory"):
        open_saved_file(tmp_path, Unpacking())
    (tmp_path / "empty").touch()
    with pytest.raises(SavedFileError, match="is empty"):
        open_saved_file(tmp_path / "empty", Unpacking())


READERS = {
    "har": (lambda body, unpacking: har_pages(body, unpacking), har_of([PAGE, PAGE])),
    "mhtml": (lambda body, unpacking: mhtml_pages(body, unpacking), mhtml_of([PAGE, PAGE])),
    "warc": (lambda body, unpacking: warc_pages(io.BytesIO(body), unpacking), warc_of([PAGE], packed=False)),
    "warc.gz": (lambda body, unpacking: warc_pages(io.BytesIO(body), unpacking), warc_of([PAGE])),
    "wacz": (lambda body, unpacking: wacz_pages(io.BytesIO(body), unpacking), wacz_of([PAGE])),
}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_bytes_turned_over_never_raise_anything_else(name: str, data: st.DataObject) -> None:
    reader, good = READERS[name]
    body = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))
    for whole in (bytes(body), data.draw(st.binary(max_size=200))):
        with contextlib.suppress(SavedFileError):
            for page in reader(whole, Unpacking(SMALL)):
                assert isinstance(page.body, bytes)


@pytest.mark.parametrize("value", [[], 1, None, {"log": []}, {"log": {"entries": {}}}, "x"])
def test_json_that_is_no_har(value: object) -> None:
    with pytest.raises(SavedFileError):
        list(har_pages(json.dumps(value).encode(), Unpacking()))


def test_entries_of_a_har_of_any_shape_are_passed_over() -> None:
    entries = [1, None, {}, {"request": 1}, {"request": {"url": "file:///etc/passwd"}, "response": {"status": 200}}]
    unpacking = Unpacking()
    assert list(har_pages(json.dumps({"log": {"entries": entries}}).encode(), unpacking)) == []
    assert unpacking.passed_over == len(entries)
