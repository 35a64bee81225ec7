"""Takes one layer of compression off an answer, within limits, so that a bomb costs its own bytes and no more.

Scrapy's own middleware caps the size, but takes off any number of layers, grants zstd a window of 128 MB, takes a
truncated stream for a whole one, and has no cap on the ratio; hence this one in its place.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]
from backports import zstd

from crawlers.spiders.failures import NoPageError
from crawlers.spiders.page import META_ENCODING
from crawlers.step import FailureKind
from domain.hostile_text import one_line

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

ACCEPTED = "gzip, deflate, br, zstd"
MOST_RATIO = 100
RATIO_HOLDS_AFTER_BYTES = 1024 * 1024
LONGEST_ZSTD_WINDOW_LOG = 23
"""8 MiB, the most that RFC 9659 lets a server use."""

_CHUNK = 64 * 1024


def decompress(body: bytes, encoding: str, *, most_bytes: int) -> bytes:
    """The body without its one layer of `encoding`; raises NoPageError (bomb, too large, truncated) otherwise."""
    unpack = _UNPACKERS.get(encoding)
    if unpack is None:
        raise NoPageError(FailureKind.TRUNCATED, f"the answer is packed in a way nobody asked for: {encoding!r}")
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in unpack(body):
            pieces.append(piece)
            size += len(piece)
            if size > RATIO_HOLDS_AFTER_BYTES and size > MOST_RATIO * len(body):
                raise NoPageError(FailureKind.BOMB, f"the answer unpacks to more than {MOST_RATIO} times its size")
            if size > most_bytes:
                raise NoPageError(FailureKind.TOO_LARGE, f"the answer unpacks to more than {most_bytes} bytes")
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        raise NoPageError(FailureKind.TRUNCATED, f"the answer's {encoding} is broken or cut short") from error
    return b"".join(pieces)


class DecompressionGate:
    """Asks for compressed answers and unpacks them."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "DecompressionGate":
        """Called by Scrapy."""
        return cls(crawler.settings.getint("DOWNLOAD_MAXSIZE"))

    def process_request(self, request: "Request") -> None:
        """Say what can be unpacked."""
        request.headers["Accept-Encoding"] = ACCEPTED

    def process_response(self, request: "Request", response: "Response") -> "Response":
        """The answer with its body unpacked; raises NoPageError for a bomb, or for more layers than one."""
        stated = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        layers = [layer.strip() for layer in stated.split(",") if layer.strip() not in ("", "identity")]
        if not layers or not response.body:
            return response
        if len(layers) > 1:
            raise NoPageError(FailureKind.BOMB, f"the answer is packed {len(layers)} times over")
        encoding = one_line(layers[0], 20)
        response.request = request
        request.meta[META_ENCODING] = encoding
        return response.replace(body=decompress(response.body, encoding, most_bytes=self._most_bytes))


def _gzip(body: bytes) -> Iterator[bytes]:
    """Members of gzip one after the other, as the format allows."""
    rest = body
    while rest:
        member = zlib.decompressobj(wbits=31)
        yield from _inflated(member, rest)
        rest = member.unused_data.lstrip(b"\x00")


def _deflate(body: bytes) -> Iterator[bytes]:
    """Deflate with its zlib header, or raw as some servers send it."""
    wrapped = len(body) >= 2 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    yield from _inflated(zlib.decompressobj(wbits=15 if wrapped else -15), body)


def _inflated(unpacker: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    waiting = body
    while not unpacker.eof:
        piece = unpacker.decompress(waiting, _CHUNK)
        waiting = unpacker.unconsumed_tail
        if not piece and not waiting and not unpacker.eof:
            raise EOFError
        yield piece


def _brotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(body, output_buffer_limit=_CHUNK)
    while piece or not unpacker.is_finished():
        yield piece
        if unpacker.is_finished():
            return
        piece = unpacker.process(b"", output_buffer_limit=_CHUNK)
        if not piece and not unpacker.is_finished():
            raise EOFError


def _zstd(body: bytes) -> Iterator[bytes]:
    options = {int(zstd.DecompressionParameter.window_log_max): LONGEST_ZSTD_WINDOW_LOG}
    rest = body
    while rest:
        unpacker = zstd.ZstdDecompressor(options=options)
        waiting = rest
        while not unpacker.eof:
            piece = unpacker.decompress(waiting, _CHUNK)
            waiting = b""
            if not piece and unpacker.needs_input:
                raise EOFError
            yield piece
        rest = unpacker.unused_data


_UNPACKERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
