"""Answers saved together with their request, as recorders of HTTP traffic keep them, taken apart again.

Four shapes are known: `{request, status, headers, body}`, `{request, response: {status, headers, body}}`, a list of
`{scope, path, status, response, rawHeaders}`, and `{uri, status: {code}, headers, body}`. An analyst may import
such files as they are.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from crawlers.families._json import JsonError, JsonValue, as_array, as_count, as_object, as_text, load_json
from domain.snapshot import Page

MOST_EXCHANGES = 100


def recorded_pages(page: Page) -> tuple[Page, ...]:
    """The answers within a recording, each as a page of its own; empty where the body is no recording."""
    if not any(name in page.body[:4096] for name in (b'"request"', b'"scope"', b'"uri"')):
        return ()
    try:
        value = load_json(page.body)
    except JsonError:
        return ()
    exchanges = as_array(value)[:MOST_EXCHANGES] if isinstance(value, list) else [value]
    pages = [answer for exchange in exchanges if (answer := _page_of(page, as_object(exchange))) is not None]
    return tuple(pages) if len(pages) == len(exchanges) else ()


def _page_of(page: Page, exchange: dict[str, JsonValue]) -> Page | None:
    request = as_object(exchange.get("request"))
    answer = as_object(exchange.get("response")) if "status" not in exchange else exchange
    stated = answer.get("status")
    status = as_count(stated.get("code") if isinstance(stated, dict) else stated)
    if status is None or not (request or "scope" in exchange or "uri" in exchange):
        return None
    body = answer.get("response", answer.get("body"))
    text = body if isinstance(body, str) else ("" if body is None else json.dumps(body, default=str))
    encoded = text.encode("utf-8", "replace")
    url = _address(request or exchange)
    snapshot = replace(
        page.snapshot,
        url_asked=url,
        url_answered=url,
        status=status,
        headers=_headers(answer),
        sha256=hashlib.sha256(encoded).hexdigest(),
        body_bytes=len(encoded),
    )
    return Page(snapshot, encoded)


def _address(request: Mapping[str, JsonValue]) -> str:
    path = next((text for key in ("path", "url", "uri") if (text := as_text(request.get(key)))), "/")
    if path.startswith(("http://", "https://")):
        return path
    scope = as_text(request.get("scope")).removesuffix(":443")
    host = as_text(request.get("host"))
    origin = scope or (f"{as_text(request.get('protocol')) or 'https'}://{host}" if host else "https://api.github.com")
    return origin + path


def _headers(answer: Mapping[str, JsonValue]) -> dict[str, str]:
    raw = [as_text(value) for value in as_array(answer.get("rawHeaders"))]
    pairs: list[tuple[str, str]] = list(zip(raw[::2], raw[1::2], strict=False))
    for name, value in as_object(answer.get("headers")).items():
        pairs.append((name, ", ".join(map(as_text, value)) if isinstance(value, list) else as_text(value)))
    return {name.lower(): value for name, value in pairs}
