"""The server itself: many clients, pipelined requests, limits, latency, and the log of what was asked."""

import asyncio
import json
import socket
import time
from urllib.parse import urlsplit

import pytest

from street.errors import StreetError
from street.messages import Request, Response, plain
from street.running import OpenStreet
from street.server import Street
from street.site import NO_ROBOTS, Site


def echo(request: Request) -> Response:
    return plain(request.path)


async def exchange(address: str, sent: bytes, answers: int) -> bytes:
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(sent)
    received = b""
    while received.count(b"HTTP/1.1 ") < answers or not received.endswith(b"/x"):
        piece = await reader.read(65_536)
        if not piece:
            break
        received += piece
    writer.close()
    await writer.wait_closed()
    return received


async def test_pipelined_requests_are_answered_in_order() -> None:
    street = Street([Site("echo", "", echo, NO_ROBOTS)])
    addresses = (await street.open()).sites
    sent = b"".join(f"GET /{path} HTTP/1.1\r\nHost: h\r\n\r\n".encode() for path in ("a", "b", "x"))
    received = await exchange(addresses["echo"], sent, 3)
    await street.close()
    assert [received.index(f"\r\n\r\n/{path}".encode()) for path in ("a", "b", "x")] == sorted(
        received.index(f"\r\n\r\n/{path}".encode()) for path in ("a", "b", "x")
    )


async def test_latency_holds_every_answer_back_and_the_log_sees_what_overlaps() -> None:
    street = Street([Site("echo", "", echo, NO_ROBOTS)], latency_seconds=0.05)
    addresses = (await street.open()).sites
    began = time.monotonic()
    await asyncio.gather(*(exchange(addresses["echo"], b"GET /x HTTP/1.1\r\nHost: h\r\n\r\n", 1) for _ in range(4)))
    took = time.monotonic() - began
    await street.close()
    assert took >= 0.05
    assert street.logs["echo"].most_open_at_once == 4
    assert street.logs["echo"].paths == {"/x": 4}


async def test_nonsense_is_answered_with_400_and_a_closed_connection() -> None:
    street = Street([Site("echo", "", echo, NO_ROBOTS)])
    addresses = (await street.open()).sites
    received = await exchange(addresses["echo"], b"nonsense\r\n\r\n", 1)
    await street.close()
    assert received.startswith(b"HTTP/1.1 400 ")


async def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        street = Street([Site("echo", "", echo, NO_ROBOTS)])
        with pytest.raises(StreetError, match=r"cannot open directory on 127\.0\.0\.1"):
            await street.open(taken.getsockname()[1])


async def test_many_clients_at_once_are_served_quickly(street: OpenStreet) -> None:
    # A loose bound on a busy machine; the figure itself is a benchmark's business.
    address = street.sites["relay_lantern"]

    async def client() -> int:
        place = urlsplit(address)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        for _ in range(50):
            writer.write(b"GET /api/pricing HTTP/1.1\r\nHost: h\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()
        await writer.wait_closed()
        return 50

    began = time.monotonic()
    served = sum(await asyncio.gather(*(client() for _ in range(16))))
    assert served / (time.monotonic() - began) > 150


def test_the_directory_names_every_site_and_what_it_was_asked(street: OpenStreet, ask) -> None:
    ask("relay_shutter", "/api/pricing?probe=1")
    sites = json.loads(ask("directory", "/sites.json").text)
    requests = json.loads(ask("directory", "/requests.json").text)
    assert sites == dict(street.sites)
    assert requests["relay_shutter"]["paths"]["/api/pricing?probe=1"] == 1
    assert requests["relay_shutter"]["user_agents"]["street-tests"] >= 1
    page = ask("directory", "/").text
    assert all(name in page for name in sites if name != "directory")
    assert ask("directory", "/nothing").status == 404
