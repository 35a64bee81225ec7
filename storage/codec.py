"""Nouns as JSON text and back, equal in every part: decimals to the digit, floats to the bit, any text of anybody."""

from collections.abc import Mapping
from typing import Final, Generic, TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError

from domain.finding import Finding, History
from domain.listing import Listing, Reach
from storage.escaping import escape_text, map_strings, unescape_text

Noun = TypeVar("Noun")
_ESCAPE_IN_JSON: Final = "\\u001a"
_REPLACEMENT: Final = "\ufffd"


class NounCodec(Generic[Noun]):
    """One noun's way to JSON and back. The adapters of pydantic are compiled once and run outside Python."""

    def __init__(self, kind: type[Noun], *, leave_out: frozenset[str] = frozenset()) -> None:
        self._adapter: TypeAdapter[Noun] = TypeAdapter(kind)
        self._leave_out = set(leave_out) or None

    def dump(self, noun: Noun) -> str:
        """JSON text that both databases accept."""
        try:
            text = self._adapter.dump_json(noun, exclude=self._leave_out).decode()
        except PydanticSerializationError:
            text = _REPLACEMENT
        # A lone surrogate has no UTF-8: in a value it is an error, in a mapping's key it was silently replaced.
        if _ESCAPE_IN_JSON in text or _REPLACEMENT in text:
            text = self._adapter.dump_json(map_strings(noun, escape_text), exclude=self._leave_out).decode()
        return text

    def load(self, text: str) -> Noun:
        """The noun that `dump` was given."""
        noun = self._adapter.validate_json(text)
        return map_strings(noun, unescape_text) if _ESCAPE_IN_JSON in text else noun


_FINDING: Final = NounCodec(Finding, leave_out=frozenset({"history"}))
_HISTORY: Final = NounCodec(History)
_REACH: Final = NounCodec(Reach)
_STRINGS: Final = NounCodec(Mapping[str, str])  # type: ignore[type-abstract]  # pydantic reads it as any mapping
_TEXTS: Final = NounCodec(tuple[str, ...])
_NO_REACH: Final = Reach()
_NO_HISTORY: Final = _HISTORY.dump(History())

_LISTING: Final = NounCodec(Listing)
dump_listing = _LISTING.dump
load_listing = _LISTING.load
dump_strings = _STRINGS.dump
load_strings = _STRINGS.load
dump_texts = _TEXTS.dump
load_texts = _TEXTS.load


def dump_finding(finding: Finding) -> str:
    """The finding without its history: what was concluded, so that the same conclusion is the same text."""
    return _FINDING.dump(finding)


def dump_history(history: History) -> str:
    """The history that a finding was judged by. Most listings are new and have none, which need not be worked out."""
    none = history.first_seen_at is None and not history.versions and history.previous_best_share is None
    return _NO_HISTORY if none else _HISTORY.dump(history)


def load_history(text: str) -> History:
    """The history that `dump_history` was given."""
    return _HISTORY.load(text)


def load_finding(text: str, history: str) -> Finding:
    """The finding whole, with the history that it was judged by (`dump_history`)."""
    return _FINDING.load(f'{{"history":{history},{text[1:]}')


def dump_reach(reach: Reach) -> str | None:
    """Reach as JSON; None where nothing is stated, which is most of the time."""
    return None if reach == _NO_REACH else _REACH.dump(reach)


def load_reach(text: str | None) -> Reach:
    """The reach that `dump_reach` was given."""
    return _NO_REACH if text is None else _REACH.load(text)
