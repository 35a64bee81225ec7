"""Bytes become requests, and responses become bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from street.messages import BadRequestError, Request, as_json, conditional, html, take_request


def test_a_whole_request_is_taken_and_leaves_the_next_one() -> None:
    buffer = bytearray(b"GET /a%20b?q=1 HTTP/1.1\r\nHost: h\r\nX-Y: z\r\n\r\nGET /c HTTP/1.1\r\n\r\n")
    first, second = take_request(buffer), take_request(buffer)
    assert first is not None
    assert second is not None
    assert (first.path, first.query, first.headers["x-y"]) == ("/a b", {"q": "1"}, "z")
    assert (second.path, bytes(buffer)) == ("/c", b"")


def test_a_body_is_waited_for() -> None:
    buffer = bytearray(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab")
    assert take_request(buffer) is None
    buffer += b"c"
    request = take_request(buffer)
    assert request is not None
    assert request.body == b"abc"


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET / SPDY/3\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"x" * 70_000,
    ],
)
def test_what_is_no_request_is_refused(sent: bytes) -> None:
    with pytest.raises(BadRequestError):
        take_request(bytearray(sent))


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(sent: bytes) -> None:
    with suppress(BadRequestError):
        take_request(bytearray(sent + b"\r\n\r\n"))


def test_a_client_that_holds_the_answer_gets_304_without_a_body() -> None:
    answer = conditional(Request("GET", "/", {}), as_json({"a": 1}))
    again = conditional(Request("GET", "/", {"if-none-match": answer.headers["ETag"]}), as_json({"a": 1}))
    changed = conditional(Request("GET", "/", {"if-none-match": answer.headers["ETag"]}), as_json({"a": 2}))
    assert (answer.status, again.status, again.body, changed.status) == (200, 304, b"", 200)


def test_the_head_says_how_long_the_body_is() -> None:
    head = html("ж").head(keep_alive=False)
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 2\r\n" in head
    assert b"Connection: close\r\n" in head
