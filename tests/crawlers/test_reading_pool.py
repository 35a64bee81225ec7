"""Reading in children: the same readings as in this process, and no page that costs more than itself."""

import asyncio
import gzip
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from crawlers.reading_pool import ReaderStartError, ReadingLimits, ReadingPool
from domain.reading import ReadingState
from domain.snapshot import Page, Snapshot

pytestmark = pytest.mark.slow

MIB = 1024 * 1024


def page(body: bytes | str, **context: str) -> Page:
    body = body.encode() if isinstance(body, str) else body
    snapshot = Snapshot(
        source="shops/tiny",
        url_asked="https://shop.example.test/",
        url_answered="https://shop.example.test/list",
        status=200,
        headers={"content-type": "text/html", "x-odd": "\xff\x1f"},
        fetched_at=datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
        transport="plain",
        sha256="0" * 64,
        body_bytes=len(body),
        context=context,
        capture={"robots": "open"},
    )
    return Page(snapshot, body)


SHOP = page("<ul>" + "<li><a>Claude Max 20x 月卡</a><p>独享 账号</p><b>¥120</b></li>" * 20 + "</ul>")


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return "pool_families"


@pytest.fixture
def pool(package: str) -> Iterator[ReadingPool]:
    limits = ReadingLimits(cpu_seconds=0.5, wall_seconds=2.0, memory_bytes=256 * MIB)
    with ReadingPool(package=package, preload=("ordinary", "naughty"), limits=limits) as readers:
        yield readers


def test_a_reading_is_the_same_as_in_this_process(pool: ReadingPool) -> None:
    from pool_families import ordinary

    reading = pool.read_now("ordinary", SHOP)
    assert reading == ordinary.read(SHOP)
    assert len(reading.listings) == 20
    assert reading.listings[0].observed_at == SHOP.snapshot.fetched_at
    assert str(reading.listings[0].prices[0].amount) == "12.50 CNY"
    assert reading.listings[0].content_hash == ordinary.read(SHOP).listings[0].content_hash


def test_children_are_reused(pool: ReadingPool) -> None:
    first = pool.read_now("naughty", page("pid"))
    assert pool.read_now("naughty", page("pid")) == first
    assert int(first.reason) != os.getpid()


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("spin", "limit of 0.5 s of processor time"),
        ("spin_in_c", "limit of 0.5 s of processor time"),
        ("sleep", "longer than 2 s"),
        ("eat", "limit of memory"),
        ("crash", "died of SIGSEGV"),
        ("exit", "ended with status 3"),
        ("raise", "a defect in the family naughty: ValueError at naughty.py:"),
        ("recurse", "nested too deeply"),
        ("write", "a defect in the family naughty: FileNotFoundError"),
        ("much", "larger than"),
    ],
)
def test_a_page_that_breaks_its_reader_costs_itself(pool: ReadingPool, word: str, reason: str) -> None:
    pool.read_now("ordinary", SHOP)
    started = time.monotonic()
    reading = pool.read_now("naughty", page(word))
    seconds = time.monotonic() - started
    assert reading.state is ReadingState.NOT_UNDERSTOOD
    assert reason in reading.reason
    assert reading.reason.isprintable()
    assert seconds < 4.0
    assert len(pool.read_now("ordinary", SHOP).listings) == 20


def test_a_family_that_cannot_be_loaded_is_named(pool: ReadingPool) -> None:
    assert "family broken cannot be loaded: ImportError" in pool.read_now("broken", SHOP).reason
    assert "family absent cannot be loaded: ModuleNotFoundError" in pool.read_now("absent", SHOP).reason


def test_a_body_beyond_the_limit_is_not_read(pool: ReadingPool) -> None:
    assert "larger than" in pool.read_now("ordinary", page(b"x" * (10 * MIB + 1))).reason


def test_a_reader_that_a_page_made_large_retires(pool: ReadingPool) -> None:
    before = pool.read_now("naughty", page("pid")).reason
    assert pool.read_now("naughty", page("keep")).state is ReadingState.EMPTY
    assert pool.read_now("naughty", page("pid")).reason != before


def test_a_reader_retires_after_so_many_pages(package: str) -> None:
    with ReadingPool(package=package, limits=ReadingLimits(pages=2)) as readers:
        ids = [readers.read_now("naughty", page("pid")).reason for _ in range(4)]
    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_a_reader_inherits_no_secret(pool: ReadingPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERCUT_TOKEN", "x")
    names = pool.read_now("naughty", page("secrets")).reason.split(",")
    assert not {"UNDERCUT_TOKEN", "HOME"} & set(names)


def test_what_is_no_unicode_or_beyond_64_bits_comes_back(pool: ReadingPool) -> None:
    reading = pool.read_now("json_shop", page(rb'{"title": "half \ud83d pair", "stock": 99999999999999999999999}'))
    (listing,) = reading.listings
    assert listing.title == "half \ufffd pair"
    assert listing.reach.stock == 99999999999999999999999


def bombs() -> dict[str, tuple[str, bytes]]:
    noise = random.Random(5).randbytes(10 * MIB)
    return {
        "nested divs": ("ordinary", b"<div>" * 50_000),
        "deeply nested lists": ("ordinary", b"<ul><li>" * 30_000),
        "many attributes": ("ordinary", b"<a " + b"".join(b"a%d=1 " % number for number in range(100_000)) + b">"),
        "many elements": ("ordinary", b"<b><i>" * 1_500_000),
        "many entities": ("ordinary", b"&amp;" * 2_000_000),
        "an endless comment": ("ordinary", b"<!--" + b"-" * (9 * MIB)),
        "noise": ("ordinary", noise),
        "deep JSON": ("json_shop", b"[" * 100_000),
        "deep JSON objects": ("json_shop", b'{"a":' * 100_000),
        "a long number": ("json_shop", b'{"title": "x", "stock": ' + b"9" * 1_000_000 + b"}"),
        "wide JSON": ("json_shop", b"[" + b"{}," * 3_000_000 + b"{}]"),
        "many keys": ("json_shop", b"{" + b",".join(b'"k%d":0' % number for number in range(700_000)) + b"}"),
        "compressed noise": ("json_shop", gzip.compress(noise[:MIB])),
    }


@pytest.mark.parametrize("name", bombs())
def test_bombs(package: str, name: str) -> None:
    family, body = bombs()[name]
    with ReadingPool(package=package, preload=("ordinary", "json_shop")) as readers:
        readers.read_now("ordinary", SHOP)
        started = time.monotonic()
        reading = readers.read_now(family, page(body))
        seconds = time.monotonic() - started
        assert seconds < 2.0 or reading.state is ReadingState.NOT_UNDERSTOOD
        assert len(readers.read_now("ordinary", SHOP).listings) == 20


async def test_the_loop_goes_on_while_a_page_is_read(pool: ReadingPool) -> None:
    await pool.read("ordinary", SHOP)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    ticking = asyncio.create_task(tick())
    reading = await pool.read("naughty", page("spin"))
    ticking.cancel()
    assert "processor time" in reading.reason
    assert ticks > 10


async def test_as_many_pages_as_the_pool_is_large_are_read_at_a_time(package: str) -> None:
    with ReadingPool(package=package, size=2) as readers:
        readings = await asyncio.gather(*(readers.read("naughty", page("pid")) for _ in range(12)))
    assert 1 <= len({reading.reason for reading in readings}) <= 2


async def test_a_read_that_is_given_up_frees_its_reader(pool: ReadingPool) -> None:
    await pool.read("ordinary", SHOP)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await pool.read("naughty", page("sleep"))
    assert len((await pool.read("ordinary", SHOP)).listings) == 20


def test_a_closed_pool_leaves_no_process(package: str) -> None:
    readers = ReadingPool(package=package)
    pid = int(readers.read_now("naughty", page("pid")).reason)
    readers.close()
    assert not psutil.pid_exists(pid)
    with pytest.raises(ReaderStartError, match="closed"):
        readers.read_now("ordinary", SHOP)


def test_a_reader_that_cannot_start_is_told(package: str) -> None:
    with (
        ReadingPool(package=package, preload=("broken",)) as readers,
        pytest.raises(ReaderStartError, match="status 1"),
    ):
        readers.read_now("ordinary", SHOP)


@pytest.mark.parametrize("word", ["pid", "spin", "sleep"])
def test_readers_die_with_their_parent(package: str, word: str) -> None:
    script = f"""
import sys
sys.path[:0] = {sys.path!r}
import threading, time
from datetime import UTC, datetime
from crawlers.reading_pool import ReadingLimits, ReadingPool
from domain.snapshot import Page, Snapshot
now = datetime.now(UTC)
page = lambda body: Page(Snapshot("s", "u", "u", 200, {{}}, now, "plain", "0", 4, {{}}, {{}}), body)
pool = ReadingPool(package="pool_families", limits=ReadingLimits(cpu_seconds=60, wall_seconds=60))
print(pool.read_now("naughty", page(b"pid")).reason, flush=True)
pool.read_now("naughty", page({word.encode()!r}))
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    reader = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    gone, _ = psutil.wait_procs([reader], timeout=3)
    assert gone
