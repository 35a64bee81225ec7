"""Hostile text made fit for any database, and back again without losing a character.

PostgreSQL refuses NUL in text, and neither database can encode a lone surrogate. Both are written as an escape that
starts with SUBSTITUTE (U+001A), a character no honest page holds; a SUBSTITUTE of the page itself is escaped as well,
so that the way back is exact for every string.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from domain.money import Money

ESCAPE = "\x1a"
_UNFIT = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")
Value = TypeVar("Value")


def escape_text(text: str) -> str:
    """The text with NUL, SUBSTITUTE and lone surrogates as SUBSTITUTE and four hexadecimal digits."""
    if _UNFIT.search(text) is None:
        return text
    return _UNFIT.sub(lambda found: f"{ESCAPE}{ord(found.group()):04x}", text)


def unescape_text(text: str) -> str:
    """The text as it was before `escape_text`."""
    if ESCAPE not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


def map_strings(value: Value, change: Callable[[str], str]) -> Value:
    """A frozen noun with every string in it changed; enumerations and money are left alone."""
    return _mapped(value, change)  # type: ignore[no-any-return]  # the shape is kept, which no checker can see


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Enum | Money):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(item, change) for item in value)
    if isinstance(value, Mapping):
        return {_mapped(key, change): _mapped(item, change) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: _mapped(getattr(value, field.name), change) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **parts)
    return value
