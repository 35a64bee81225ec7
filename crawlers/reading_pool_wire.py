"""What a reading pool and its children say to each other: lengths, JSON, and the page's bytes as they are.

Nothing that can execute crosses the pipe: both sides rebuild what they are sent, field by field.
"""

import dataclasses
import json
import struct
from datetime import datetime
from typing import Any

import orjson

from domain.reading import Reading
from domain.snapshot import Page, Snapshot

QUESTION = struct.Struct(">II")
"""Length of the JSON that describes the question, length of the page's body."""
ANSWER = struct.Struct(">I")
"""Length of the JSON of the answer."""

READY = b"R"
_REPLACEMENT = "\ufffd"


def pack_question(family: str, page: Page) -> bytes:
    """A question, ready to be sent ahead of the page's body."""
    described = _dump({"family": family, "snapshot": page.snapshot})
    return QUESTION.pack(len(described), len(page.body)) + described


def unpack_question(described: bytes, body: bytes) -> tuple[str, Page]:
    """The family and the page of a question."""
    question = orjson.loads(described)
    fields = question["snapshot"]
    fields["fetched_at"] = datetime.fromisoformat(fields["fetched_at"])
    return question["family"], Page(Snapshot(**fields), body)


def pack_answer(reading: Reading, *, retire: bool) -> bytes:
    """An answer; `retire` says that the child ends after it."""
    described = _dump({"reading": reading, "retire": retire})
    return ANSWER.pack(len(described)) + described


def _dump(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_plain)
    except TypeError:
        # Lone surrogates, or a number beyond 64 bits: rare, and worth a slower way rather than the page.
        return json.dumps(_scrubbed(value), ensure_ascii=True).encode("ascii")


def _plain(value: Any) -> Any:
    """Decimals exactly, mappings and other sequences as JSON has them."""
    if hasattr(value, "items"):
        return dict(value.items())
    return str(value)


def _scrubbed(value: Any) -> Any:
    """The value in JSON's own types, each lone surrogate replaced by one replacement character."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _scrubbed(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return "".join(_REPLACEMENT if "\ud800" <= character <= "\udfff" else character for character in value)
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "items"):
        return {_scrubbed(str(key)): _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item) for item in value]
    return str(value)
