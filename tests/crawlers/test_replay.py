"""Saved answers, from a folder or a WARC file, go through the same chain as the network and open no connection."""

import gzip
import json
import socket
from pathlib import Path

import pytest

from crawlers.spiders.setup import Identity
from crawlers.transports.archive import ArchiveError, open_archive
from domain.reading import FurtherRequest

in_the_loop = pytest.mark.asyncio(loop_scope="session")

SITE = "https://shop.example.org"


def entry(path: str, **more: object) -> dict[str, object]:
    return {"url": SITE + path, "file": f"{len(path)}.body", "fetched_at": "2026-02-01T10:00:00+08:00"} | more


def write_folder(folder: Path, *entries: dict[str, object], body: bytes = b"") -> Path:
    for line in entries:
        (folder / str(line["file"])).write_bytes(body)
    (folder / "index.jsonl").write_text("".join(json.dumps(line) + "\n" for line in entries), encoding="utf-8")
    return folder


def write_warc(path: Path, *answers: tuple[str, str, str, list[tuple[str, str]], bytes]) -> Path:
    """Answers as (method, path, status, headers, body), each response before its request."""
    pack = gzip.compress if path.suffix == ".gz" else bytes
    with path.open("wb") as stream:
        for number, (method, where, status, headers, body) in enumerate(answers):
            head = "".join(f"{name}: {value}\r\n" for name, value in headers)
            identity = f"<urn:uuid:{number}>"
            response = f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body
            stream.write(pack(record("response", where, identity, response)))
            request = f"{method} {where} HTTP/1.1\r\n\r\n".encode()
            stream.write(pack(record("request", where, f"<urn:uuid:q{number}>", request, answered=identity)))
    return path


def record(kind: str, where: str, identity: str, block: bytes, answered: str = "") -> bytes:
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: {identity}",
        f"WARC-Target-URI: {SITE}{where}",
        "WARC-Date: 2026-02-01T02:00:00Z",
        f"Content-Type: application/http; msgtype={kind}",
        f"Content-Length: {len(block)}",
        *([f"WARC-Concurrent-To: {answered}"] if answered else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError("a replay opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@in_the_loop
async def test_a_folder_is_crawled_like_the_network_without_delay_or_trace(crawls, tmp_path, no_network) -> None:
    link = f'<a href="{SITE}/a"><a href="{SITE}/gone"><a href="{SITE}/closed/x">'.encode()
    folder = write_folder(tmp_path, entry("/"), body=link)
    lines = [
        entry("/"),
        entry("/a", status=404, headers={"X-Shop": "1", "Content-Encoding": "gzip"}),
        entry("/robots.txt"),
    ]
    (folder / "index.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (folder / str(entry("/a")["file"])).write_bytes(gzip.compress(b"item"))
    (folder / str(entry("/robots.txt")["file"])).write_bytes(b"User-agent: *\nDisallow: /closed")
    crawls.first = (FurtherRequest(f"{SITE}/", context={"a": "b"}),)
    crawls.identity = Identity("0.0")
    crawled = await crawls.run(replay_from=folder)
    first, item = crawled.pages
    assert first.body == link
    assert first.snapshot.transport == "replay"
    assert first.snapshot.fetched_at.isoformat() == "2026-02-01T02:00:00+00:00"
    assert first.snapshot.context == {"a": "b"}
    assert first.snapshot.capture["archive"] == entry("/")["file"]
    assert "connected_address" not in first.snapshot.capture
    assert (item.body, item.snapshot.status, item.snapshot.headers["x-shop"]) == (b"item", 404, "1")
    assert sorted(crawled.kinds()) == ["not_archived", "robots"]
    assert crawls.world.rested == []
    assert crawls.memory.hosts == {}


@in_the_loop
@pytest.mark.parametrize("name", ["saved.warc", "saved.warc.gz"])
async def test_a_warc_file_is_crawled_like_the_network(crawls, tmp_path, no_network, name) -> None:
    chunked = b"5\r\nhello\r\n0\r\n\r\n"
    path = write_warc(
        tmp_path / name,
        ("GET", "/", "200 OK", [("Content-Type", "text/html")], f'<a href="{SITE}/chunked">'.encode()),
        ("GET", "/chunked", "200 OK", [("Transfer-Encoding", "chunked")], chunked),
        ("POST", "/list", "200 OK", [("Content-Encoding", "gzip")], gzip.compress(b"{}")),
    )
    crawls.first = (FurtherRequest(f"{SITE}/"), FurtherRequest(f"{SITE}/list", body="{}"))
    crawled = await crawls.run(replay_from=path)
    assert crawled.paths() == ["/", "/list", "/chunked"]
    assert [page.body for page in crawled.pages[1:]] == [b"{}", b"hello"]
    assert crawled.pages[0].snapshot.fetched_at.isoformat() == "2026-02-01T02:00:00+00:00"
    assert crawled.kinds() == []


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ("not json", "line 1"),
        ('{"url": "https://shop.example.org/"}', "line 1"),
        ('\n{"url": "file:///x", "file": "a", "fetched_at": "2026-02-01T10:00:00Z"}', "line 2"),
        ('{"url": "https://shop.example.org/", "file": "../a", "fetched_at": "2026-02-01T10:00:00Z"}', "outside"),
        (
            '{"url": "https://shop.example.org/", "file": "/etc/x", "fetched_at": "2026-02-01T10:00:00Z"}',
            "outside",
        ),
        ('{"url": "https://shop.example.org/", "file": "a", "fetched_at": "2026-02-01T10:00:00"}', "line 1"),
        ('{"url": "https://shop.example.org/", "file": "a", "fetched_at": "2026-02-01T10:00:00Z", "x": 1}', "line 1"),
    ],
)
def test_an_index_that_cannot_be_used_is_told_by_its_line(tmp_path, index, message) -> None:
    (tmp_path / "index.jsonl").write_text(index)
    with pytest.raises(ArchiveError, match=message):
        open_archive(tmp_path)


def test_an_archive_that_is_none_is_told(tmp_path) -> None:
    with pytest.raises(ArchiveError, match="no archive"):
        open_archive(tmp_path / "absent")
    with pytest.raises(ArchiveError, match=r"index\.jsonl"):
        open_archive(tmp_path)
    (tmp_path / "x.warc").write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(ArchiveError, match=r"no answer|no readable"):
        open_archive(tmp_path / "x.warc")


@in_the_loop
async def test_a_crawl_of_a_broken_archive_does_not_start(crawls, tmp_path) -> None:
    (tmp_path / "index.jsonl").write_text("not json")
    with pytest.raises(ArchiveError, match="line 1"):
        await crawls.run(replay_from=tmp_path)


@in_the_loop
async def test_a_file_the_index_names_and_nobody_has_is_one_failure(crawls, tmp_path) -> None:
    (tmp_path / "index.jsonl").write_text(json.dumps(entry("/")))
    crawls.first = (FurtherRequest(f"{SITE}/"),)
    crawled = await crawls.run(replay_from=tmp_path)
    assert crawled.kinds() == ["not_archived"]


def test_a_cut_warc_file_is_told(tmp_path) -> None:
    path = write_warc(tmp_path / "cut.warc.gz", ("GET", "/", "200 OK", [], b"x" * 10_000))
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(ArchiveError):
        open_archive(path)
