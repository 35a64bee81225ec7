"""JSON of strangers: exact numbers, bounded size and depth, and typed looks into what came out.

Numbers with a fraction become Decimal, so that a price never passes through a float. NaN and Infinity are refused. A
number too large or too precise to be a price or an id becomes None, so that it costs one field and not the page.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from crawlers.families._text import decode_body, fit_text
from domain.errors import UndercutError

MOST_BYTES = 32 * 1024 * 1024
MOST_DIGITS = 40
MOST_DEPTH = 100

JsonValue = None | bool | int | Decimal | str | list["JsonValue"] | dict[str, "JsonValue"]


class JsonError(UndercutError):
    """A body is not JSON that may be read: the message says why and, where it can, at which byte or character."""


def load_json(body: bytes | str, content_type: str = "") -> JsonValue:
    """The JSON value of a body; raises JsonError for anything that is not one whole, bounded JSON text."""
    if len(body) > MOST_BYTES:
        raise JsonError(f"JSON of {len(body)} bytes is over the limit of {MOST_BYTES}")
    text = body if isinstance(body, str) else _decode(body, content_type)
    if not text.strip():
        raise JsonError("empty body where JSON was expected")
    try:
        value: JsonValue = _DECODER.decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise JsonError("JSON is nested deeper than can be read") from error
    _check_depth(value)
    return value


def load_json_at(text: str, start: int) -> JsonValue:
    """The JSON value that begins at `start` in a longer text, such as a script; raises JsonError for none."""
    try:
        value: JsonValue = _DECODER.raw_decode(text, start)[0]
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise JsonError("JSON is nested deeper than can be read") from error
    _check_depth(value)
    return value


def as_object(value: JsonValue) -> dict[str, JsonValue]:
    """The object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_array(value: JsonValue) -> list[JsonValue]:
    """The array, or an empty one for anything else."""
    return value if isinstance(value, list) else []


def as_text(value: JsonValue) -> str:
    """A string made fit to keep, a number as its digits, and an empty string for anything else."""
    if isinstance(value, str):
        return fit_text(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def as_decimal(value: JsonValue) -> Decimal | None:
    """A number, or a string that is one plain number; None for anything else, booleans included."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    return _bounded_decimal(value.strip()) if isinstance(value, str) and value.strip() else None


def as_count(value: JsonValue) -> int | None:
    """A whole number of things, zero or more, also where it stands as a string; None for anything else."""
    number = as_decimal(value)
    if number is None or number < 0 or number != number.to_integral_value() or number > 2**62:
        return None
    return int(number)


def look_up(value: JsonValue, *path: str | int) -> JsonValue:
    """What stands at a path of keys and indices, or None where the path leads nowhere."""
    for step in path:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def json_pointer(path: Sequence[str | int]) -> str:
    """A path as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _decode(body: bytes, content_type: str) -> str:
    try:
        return body.decode(json.detect_encoding(body))
    except UnicodeDecodeError:
        return decode_body(body, content_type)


def _bounded_decimal(digits: str) -> Decimal | None:
    if len(digits) > MOST_DIGITS:
        return None
    try:
        number = Decimal(digits)
    except InvalidOperation:
        return None
    return number if number.is_finite() and (not number or abs(number.adjusted()) <= MOST_DIGITS) else None


def _bounded_integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= MOST_DIGITS else None


def _refuse_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is not a JSON number", name, 0)


def _check_depth(value: JsonValue) -> None:
    level: list[JsonValue] = [value]
    for _depth in range(MOST_DEPTH):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise JsonError(f"JSON is nested deeper than {MOST_DEPTH} levels")


_DECODER = json.JSONDecoder(
    parse_float=_bounded_decimal, parse_int=_bounded_integer, parse_constant=_refuse_constant, strict=False
)
