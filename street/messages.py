"""HTTP requests and responses as plain values, and the bytes they travel as. Pure; the sockets are in `server.py`."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote

MOST_HEAD_BYTES = 65_536
MOST_BODY_BYTES = 1_048_576


class BadRequestError(Exception):
    """The bytes are not a request that this server reads; the connection is closed."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Header names are lower case; `path` is percent-decoded, `target` is as it was sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        """The path without its query, percent-decoded."""
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one the last counts."""
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    @property
    def base(self) -> str:
        """The address under which the client reached this site."""
        return f"http://{self.headers.get('host', '127.0.0.1')}"

    @property
    def keep_alive(self) -> bool:
        """Whether the client wants to go on using the connection."""
        return self.headers.get("connection", "").lower() != "close"


@dataclass(frozen=True, slots=True)
class Drip:
    """A body that arrives slowly: so many bytes, then a pause of so many seconds, and again."""

    piece_bytes: int
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; `headers` come beside the content type and length that every answer has."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: Drip | None = None

    def with_headers(self, headers: Mapping[str, str]) -> "Response":
        """The same answer with these headers beside its own."""
        return replace(self, headers={**self.headers, **headers})

    def head(self, *, keep_alive: bool) -> bytes:
        """The status line and headers as they travel."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            f"Connection: {'keep-alive' if keep_alive else 'close'}",
        ]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def html(text: str, status: int = 200) -> Response:
    """A web page."""
    return Response(status=status, body=text.encode("utf-8", "surrogatepass"))


def plain(text: str, status: int = 200) -> Response:
    """A text, such as robots.txt."""
    return Response(status=status, body=text.encode("utf-8"), content_type="text/plain; charset=utf-8")


def as_json(value: Any, status: int = 200) -> Response:
    """A JSON answer, compact and in the order of the value's keys."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Response(status=status, body=body, content_type="application/json; charset=utf-8")


def redirect(location: str, status: int = 302) -> Response:
    """A redirect without a body."""
    return Response(status=status, headers={"Location": location})


def conditional(request: Request, response: Response) -> Response:
    """The answer with its ETag, or 304 without a body when the client already holds it."""
    tag = f'W/"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status=304, content_type=response.content_type, headers={**response.headers, "ETag": tag})
    return response.with_headers({"ETag": tag})


def take_request(buffer: bytearray) -> Request | None:
    """The first whole request in the buffer, which loses its bytes; None while it is not whole yet.

    Raises BadRequestError for what is not HTTP, or is larger than any client of the street has reason to send.
    """
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > MOST_HEAD_BYTES:
            raise BadRequestError("no end of the headers")
        return None
    lines = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequestError("no request line")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > MOST_BODY_BYTES or "transfer-encoding" in headers:
        raise BadRequestError("no plain body length")
    whole = end + 4 + int(length)
    if len(buffer) < whole:
        return None
    body = bytes(buffer[end + 4 : whole])
    del buffer[:whole]
    return Request(method=parts[0], target=parts[1], headers=headers, body=body)
