"""One layer of compression, unpacked within limits; bombs of every codec cost their own bytes and little time."""

import contextlib
import gzip
import random
import resource
import time
import tracemalloc
import zlib

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from crawlers.spiders.failures import NoPageError
from crawlers.step import CrawlStep
from crawlers.transports.decompression import decompress
from domain.reading import FurtherRequest

MIB = 1024 * 1024
LIMIT = 10 * MIB


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=1),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
@given(data=st.binary(max_size=5_000))
def test_what_was_packed_is_unpacked(encoding: str, data: bytes) -> None:
    assert decompress(PACKERS[encoding](data), encoding, most_bytes=LIMIT) == data


def test_large_honest_answers_pass_in_every_codec() -> None:
    page = random.Random(1).randbytes(MIB) * 3
    for encoding, pack in PACKERS.items():
        assert decompress(pack(page), encoding, most_bytes=LIMIT) == page
    assert decompress(raw_deflate(page), "deflate", most_bytes=LIMIT) == page
    assert decompress(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", most_bytes=LIMIT) == b"one two"
    assert decompress(zstd.compress(b"one ") + zstd.compress(b"two"), "zstd", most_bytes=LIMIT) == b"one two"


@pytest.mark.parametrize("encoding", PACKERS)
@given(data=st.binary(max_size=300))
def test_what_is_no_compression_is_told_so(encoding: str, data: bytes) -> None:
    with contextlib.suppress(NoPageError):
        assert len(decompress(data, encoding, most_bytes=LIMIT)) <= LIMIT


@pytest.mark.parametrize("encoding", PACKERS)
def test_a_stream_cut_short_is_never_taken_for_a_whole_one(encoding: str) -> None:
    packed = PACKERS[encoding](random.Random(2).randbytes(50_000))
    for length in (1, 10, len(packed) // 2, len(packed) - 1):
        with pytest.raises(NoPageError, match="cut short") as refused:
            decompress(packed[:length], encoding, most_bytes=LIMIT)
        assert refused.value.kind == "truncated"


@pytest.mark.parametrize("size", [2 * MIB, 9 * MIB, 11 * MIB, 64 * MIB])
@pytest.mark.parametrize("encoding", PACKERS)
def test_bombs_cost_little(encoding: str, size: int) -> None:
    packed = PACKERS[encoding](bytes(size))
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(NoPageError) as refused:
        decompress(packed, encoding, most_bytes=LIMIT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.kind == "bomb"
    assert time.perf_counter() - started < 2.0
    assert peak < 12 * MIB


def test_the_worst_brotli_bomb_costs_little() -> None:
    packed = brotli.compress(bytes(10 * MIB), quality=9)
    assert len(packed) < 100
    with pytest.raises(NoPageError, match="100 times"):
        decompress(packed, "br", most_bytes=LIMIT)


def test_a_large_answer_that_is_no_bomb_is_told_as_too_large() -> None:
    packed = gzip.compress(random.Random(3).randbytes(11 * MIB), 1)
    with pytest.raises(NoPageError) as refused:
        decompress(packed, "gzip", most_bytes=LIMIT)
    assert refused.value.kind == "too_large"


def test_a_window_of_zstd_beyond_the_standard_is_refused_before_it_is_made() -> None:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    wide = packer.compress(b"x" * 1_000) + packer.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NoPageError):
        decompress(wide, "zstd", most_bytes=LIMIT)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_an_encoding_nobody_asked_for_is_told() -> None:
    with pytest.raises(NoPageError, match="nobody asked for"):
        decompress(b"x", "compress", most_bytes=LIMIT)


@pytest.mark.asyncio(loop_scope="session")
async def test_on_the_wire(web, crawls) -> None:
    page = b"<html>" + b"offer " * 1_000
    for name, pack in PACKERS.items():
        web.page(f"/{name}", pack(page), Content_Encoding=name)
    web.page("/twice", gzip.compress(gzip.compress(page)), Content_Encoding="gzip, gzip")
    web.page("/twice-apart", brotli.compress(gzip.compress(page)), Content_Encoding="gzip,br")
    web.page("/plain", page, Content_Encoding="identity")
    web.page("/empty", b"", Content_Encoding="gzip")
    web.page("/bomb", PACKERS["br"](bytes(20 * MIB)), Content_Encoding="br")
    web.page("/lie", page, Content_Encoding="gzip")
    base = f"http://shop.example.test:{web.port}"
    paths = [*PACKERS, "twice", "twice-apart", "plain", "empty", "bomb", "lie"]
    crawls.first = tuple(FurtherRequest(f"{base}/{path}") for path in paths)
    crawled = await crawls.run(lambda read: CrawlStep())
    assert crawled.paths() == [f"/{path}" for path in (*PACKERS, "plain", "empty")]
    assert all(read.body == page for read in crawled.pages[:-1])
    assert crawled.pages[0].snapshot.capture["content_encoding"] == "gzip"
    assert "content-encoding" not in crawled.pages[0].snapshot.headers
    assert crawled.kinds() == ["bomb", "bomb", "bomb", "truncated"]
