"""HAR files, as browsers' developer tools save them: what was asked, what came back, when (HAR 1.2).

Requests hold the cookies of whoever saved the file. They are not looked at but for address and method.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from crawlers.saved.answer import SavedFileError, SavedPage, Unpacking, kept_headers, may_be_page


def har_pages(body: bytes, unpacking: Unpacking) -> Iterator[SavedPage]:
    """The answers of a HAR file that may be pages, in order; raises SavedFileError for a file that is none."""
    try:
        whole = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise SavedFileError(f"is no JSON: {error.msg} at character {error.pos}") from error
    entries = _dict(_dict(whole).get("log")).get("entries")
    if not isinstance(entries, list):
        raise SavedFileError("is no HAR file: it has no log.entries")
    for number, entry in enumerate(entries):
        unpacking.take_entry()
        page = _page(_dict(entry), f"entry {number}", unpacking)
        if page is not None:
            unpacking.take_page()
            yield page


def is_har(whole: object) -> bool:
    """Is this the value of a HAR file?"""
    return isinstance(_dict(_dict(whole).get("log")).get("entries"), list)


def _page(entry: Mapping[str, Any], place: str, unpacking: Unpacking) -> SavedPage | None:
    request, response = _dict(entry.get("request")), _dict(entry.get("response"))
    content = _dict(response.get("content"))
    url, status = request.get("url"), response.get("status")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or not isinstance(status, int):
        unpacking.pass_over()
        return None
    body = _body(content, place, unpacking)
    kind = content.get("mimeType")
    if not 100 <= status <= 599 or body is None or not may_be_page(kind if isinstance(kind, str) else "", body):
        unpacking.pass_over()
        return None
    return SavedPage(
        body=body,
        place=place,
        url=url,
        saved_at=_time(entry.get("startedDateTime")),
        status=status,
        method=str(request.get("method") or "GET")[:16].upper(),
        headers=_headers(response.get("headers"), kind),
    )


def _body(content: Mapping[str, Any], place: str, unpacking: Unpacking) -> bytes | None:
    text = content.get("text")
    if not isinstance(text, str) or not text:
        return None
    body = text.encode("utf-8", "replace")
    if content.get("encoding") == "base64":
        try:
            body = base64.b64decode(body, validate=True)
        except binascii.Error:
            unpacking.leave_out(place, "its body is not the base64 that it says it is")
            return None
    if len(body) > unpacking.limits.page_bytes:
        unpacking.leave_out(place, f"its body is larger than {unpacking.limits.page_bytes} bytes")
        return None
    return body


def _headers(stated: object, kind: object) -> dict[str, str]:
    pairs = [_dict(each) for each in stated] if isinstance(stated, list) else []
    named = {str(pair["name"]): str(pair["value"]) for pair in pairs if "name" in pair and "value" in pair}
    headers = kept_headers(named)
    # Text bodies of a HAR were decoded by the browser: whatever charset the wire had, these bytes are UTF-8.
    if isinstance(kind, str) and kind:
        headers["content-type"] = f"{kind.partition(';')[0].strip()[:100]}; charset=utf-8"
    return headers


def _time(stated: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(stated)[:40])
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo is not None else None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
