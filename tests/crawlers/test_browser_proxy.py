"""The proxy connects only where a visit opened a place and the guard allows its address; seen without a browser."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from crawlers.network_guard import Guard, parse_target
from crawlers.transports.browser_proxy import GuardedProxy
from tests.crawlers.conftest import Web, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def proxy(web: Web) -> AsyncIterator[GuardedProxy]:
    async def resolve(host: str) -> list[str]:
        if host == "unknown.example.test":
            raise OSError
        return ["127.0.0.1"]

    guard = Guard.allowing([f"shop.example.test:{web.port}"])
    async with GuardedProxy(guard, resolve, most_bytes=100_000) as proxy:
        yield proxy


async def ask(proxy: GuardedProxy, request: str, *more: str) -> bytes:
    host, _colon, port = proxy.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode())
    await writer.drain()
    answer = b""
    for each in more:
        answer += await reader.readuntil(b"\r\n\r\n")
        writer.write(each.encode())
        await writer.drain()
    async with asyncio.timeout(10):
        while piece := await reader.read(65_536):
            answer += piece
            if b"hello" in answer:
                break
    writer.close()
    return answer


def plain(place: str, path: str = "/page?a=1") -> str:
    headers = f"Host: {place}\r\nProxy-Authorization: x\r\nConnection: keep-alive\r\n"
    return f"GET http://{place}{path} HTTP/1.1\r\n{headers}\r\n"


async def test_a_plain_request_and_a_tunnel_to_an_open_place(web: Web, proxy: GuardedProxy) -> None:
    web.page("/page?a=1", "hello", connection="keep-alive")
    place = f"shop.example.test:{web.port}"
    proxy.begin_visit()
    proxy.open_to(parse_target(f"http://{place}/"))
    answer = await ask(proxy, plain(place))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.lower().count(b"connection:") == 1
    assert b"Connection: close" in answer
    tunnelled = await ask(
        proxy, f"CONNECT {place} HTTP/1.1\r\n\r\n", f"GET /page?a=1 HTTP/1.1\r\nHost: {place}\r\n\r\n"
    )
    assert tunnelled.endswith(b"hello")
    assert [seen.path for seen in web.seen] == ["/page?a=1"] * 2
    assert "proxy-authorization" not in web.seen[0].headers
    assert {place: str(address) for place, address in proxy.connected.items()} == {place: "127.0.0.1"}


@pytest.mark.parametrize("method", ["plain", "tunnel"])
@pytest.mark.parametrize(
    "host", ["shop.example.test", "other.example.test", "127.0.0.1", "localhost", "unknown.example.test"]
)
async def test_what_is_closed_or_refused(web: Web, proxy: GuardedProxy, method: str, host: str) -> None:
    """A place that was not opened; and opened ones whose address the guard refuses, or that have none."""
    place = f"{host}:{web.port}"
    proxy.begin_visit()
    if host != "shop.example.test":
        proxy.open_to(parse_target(f"http://{place}/"))
    answer = await ask(proxy, plain(place) if method == "plain" else f"CONNECT {place} HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 502")
    assert web.seen == []
    assert proxy.refused == 1
    assert (place in proxy.reasons) == (host != "shop.example.test")


@pytest.mark.parametrize(
    "request_line",
    [
        "GET file:///etc/passwd HTTP/1.1",
        "GET / HTTP/1.1",
        "GET http:// HTTP/1.1",
        "CONNECT shop.example.test:22 HTTP/1.1",
        "CONNECT HTTP/1.1",
        "nonsense",
    ],
)
async def test_requests_that_are_none(web: Web, proxy: GuardedProxy, request_line: str) -> None:
    assert (await ask(proxy, f"{request_line}\r\n\r\n")).startswith(b"HTTP/1.1 502")
    assert web.seen == []


async def test_an_answer_over_the_limit_ends(web: Web, proxy: GuardedProxy) -> None:
    web.page("/large", b"x" * 1_000_000)
    place = f"shop.example.test:{web.port}"
    proxy.begin_visit()
    proxy.open_to(parse_target(f"http://{place}/"))
    assert len(await ask(proxy, plain(place, "/large"))) < 300_000


async def test_a_head_without_an_end_is_dropped(world: World, proxy: GuardedProxy) -> None:
    with pytest.raises(ConnectionResetError):
        await ask(proxy, "GET " + "a" * 200_000)
