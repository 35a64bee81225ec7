"""What every answer carries and every request must pass, whatever page it is for."""

import hmac
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# No inline script or style anywhere, nothing from anywhere else, no frame around us, no form to anybody else.
CONTENT_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = (
    (b"content-security-policy", CONTENT_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    (b"x-frame-options", b"DENY"),
)
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


class SecurityHeaders:
    """Puts the headers on every answer, errors included, and keeps everything but static files out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        static = str(scope["path"]).startswith("/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                if not static:
                    kept = [pair for pair in kept if pair[0].lower() != b"cache-control"]
                    kept.append((b"cache-control", b"no-store"))
                message["headers"] = [*kept, *HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def host_is_known(request: Request, hosts: frozenset[str]) -> bool:
    """Is the console asked for by a name of its own?"""
    return request.headers.get("host", "").lower() in hosts


def comes_from_here(request: Request) -> bool:
    """Was this request made by one of our own pages? By the browser's word, else by the origin it names."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if origin is not None and origin != "null" and urlsplit(origin).netloc.lower() != _host(request):
        return False
    if site is not None:
        return site == "same-origin"
    return origin is not None and origin != "null"


def token_fits(expected: str, given: str) -> bool:
    """Compare a form's token in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _host(request: Request) -> str:
    return request.headers.get("host", "").lower()
