"""Items as AIL's feeders send them: JSON with packed data, its digest, and what the feeder knew of it (`meta`).

A pure reader of the shape, so that feeders that exist can be pointed here. Spellings with a hyphen and with an
underscore are both about; both are read.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from crawlers.spiders.failures import NoPageError
from crawlers.transports.decompression import decompress
from domain.errors import UndercutError
from domain.hostile_text import one_line

MOST_TEXT_BYTES = 4 * 1024 * 1024
_ENCODINGS = frozenset(
    {"utf-8", "utf8", "ascii", "us-ascii", "latin-1", "iso-8859-1", "windows-1251", "windows-1252", "koi8-r"}
    | {"gb18030", "gbk", "gb2312", "big5", "shift_jis", "euc-jp", "euc-kr", "utf-16"}
)
"""Of text only: Python knows others that take long, or that are no encodings of text."""
_EARLIEST, _LATEST = 946_684_800, 4_102_444_800
"""The years 2000 to 2100, in seconds since 1970."""


class FeederItemError(UndercutError):
    """An item that cannot be read; the message says which field and why."""


@dataclass(frozen=True, slots=True)
class FeederItem:
    """One item: its text, who fed it, and what is known of where it was said, by whom and when.

    `external_id` names it within `platform`. `is_group` says that the place holds what many people write.
    """

    text: str
    feeder: str
    platform: str
    external_id: str
    url: str
    place: str
    author: str
    is_group: bool
    posted_at: datetime | None


def read_feeder_item(line: bytes) -> FeederItem:
    """The item of one JSON object; raises FeederItemError."""
    try:
        item = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise FeederItemError(f"not JSON: {error.msg}") from error
    if not isinstance(item, dict):
        raise FeederItemError("no object, where an item with data and meta was expected")
    text = _text(item)
    meta = _dict(item.get("meta"))
    feeder = one_line(_words(item.get("source")), 100)
    if not feeder:
        raise FeederItemError("source is missing; it names the feeder")
    chat, sender = _dict(meta.get("chat")), _dict(meta.get("sender"))
    platform = next((name for name in ("telegram", "discord", "matrix") if name in feeder.lower()), feeder.lower())
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    number, chat_id = _words(meta.get("id")), _words(chat.get("id"))
    return FeederItem(
        text=text,
        feeder=feeder,
        platform=platform,
        external_id=f"{chat_id}/{number}" if chat_id and number else _words(meta.get("id")) or digest,
        url=_address(meta, chat, number, platform),
        place=one_line(_words(chat.get("username")) or _words(chat.get("name")) or chat_id),
        author=one_line(_words(sender.get("username")) or _words(sender.get("firstname")) or _words(sender.get("id"))),
        is_group=bool(sender) and _words(sender.get("id")) != chat_id,
        posted_at=_time(meta, item),
    )


def _text(item: Mapping[str, Any]) -> str:
    try:
        packed = base64.b64decode(_words(item.get("data")), validate=True)
        data = decompress(packed, "gzip", most_bytes=MOST_TEXT_BYTES)
    except binascii.Error as error:
        raise FeederItemError("data is no base64") from error
    except NoPageError as error:
        raise FeederItemError(f"data: {error.detail}") from error
    stated = _words(item.get("data-sha256") or item.get("data_sha256")).lower()
    if stated and stated != hashlib.sha256(data).hexdigest():
        raise FeederItemError("data-sha256 is the digest of something else; the item was changed on its way")
    encoding = _words(item.get("default-encoding") or item.get("default_encoding")) or "utf-8"
    if encoding.lower() not in _ENCODINGS:
        raise FeederItemError(f"default-encoding {one_line(encoding, 30)!r} is not one that is read here")
    return data.decode(encoding, "replace")


def _address(meta: Mapping[str, Any], chat: Mapping[str, Any], number: str, platform: str) -> str:
    for name in ("url", "link", "newspaper:url"):
        stated = _words(meta.get(name))
        if stated.startswith(("http://", "https://")):
            return stated[:2_000]
    username = _words(chat.get("username"))
    if platform == "telegram" and username.isascii() and username.replace("_", "").isalnum() and number.isdigit():
        return f"https://t.me/{username}/{number}"
    return ""


def _time(meta: Mapping[str, Any], item: Mapping[str, Any]) -> datetime | None:
    for stated in (_dict(meta.get("date")).get("timestamp"), meta.get("timestamp"), item.get("timestamp")):
        try:
            seconds = float(stated) if isinstance(stated, int | float | str) else 0.0
        except ValueError:
            continue
        if _EARLIEST <= seconds < _LATEST:
            return datetime.fromtimestamp(seconds, UTC)
    return None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _words(value: object) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
