"""A text folded for matching, with the way back: every place in it maps to code points of the original.

Small letters, plain digits, no widths, accents or fancy letters, simplified Chinese; invisible characters and
combining marks taken out; letters that look Latin inside words that are otherwise Latin read as Latin.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from detectors.reading.characters import DROPPED, fold_table, look_alikes
from domain.values import quickly_made

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\t]")
_DROPPED_RUN = re.compile(f"([{DROPPED}\U000e0000-\U000e01ef]+)")
_LOOKS_LATIN = "\u0370-\u058f"
# A Latin letter or digit beside a letter of another alphabet: worth a look at the word.
_MIXED = re.compile(f"[a-z0-9][{_LOOKS_LATIN}]|[{_LOOKS_LATIN}][a-z0-9]")
_WORD = re.compile(f"[a-z0-9{_LOOKS_LATIN}]{{2,64}}")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@quickly_made
@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text. `unmasked` holds the places (in the folded text) of words whose disguise was taken off."""

    text: str
    unmasked: tuple[tuple[int, int], ...] = ()
    _cuts: tuple[int, ...] = ()
    _removed: tuple[int, ...] = ()

    @property
    def moved(self) -> bool:
        """Do places in the folded text differ from those in the original?"""
        return bool(self._cuts)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the original that the folded text's `start` to `end` was read from."""
        if not self._cuts:
            return start, end
        last = end - 1 if end > start else start
        return self._back(start), self._back(last) + (end > start)

    def _back(self, place: int) -> int:
        index = bisect_right(self._cuts, place)
        return place + (self._removed[index - 1] if index else 0)


def fold(text: str) -> Folded:
    """The text folded for matching."""
    if text.isascii() and _CONTROL.search(text) is None:
        return Folded(text.lower())
    folded = text.translate(fold_table())
    cuts: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()
    unmasked: list[tuple[int, int]] = []
    if _DROPPED_RUN.search(folded) is not None:
        folded, cuts, removed = _take_out(folded)
    if _MIXED.search(folded) is not None:
        folded = _unmask(folded, unmasked)
    return Folded(folded, tuple(unmasked), cuts, removed)


def fold_word(word: str) -> str:
    """A word of the lexicon, folded as texts are."""
    return fold(word).text


def _take_out(text: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """The text without dropped characters; where they were taken out of it, and how many up to there."""
    # What is kept and what is dropped take turns.
    pieces = _DROPPED_RUN.split(text)
    kept, dropped = pieces[0::2], pieces[1::2]
    return "".join(kept), tuple(accumulate(map(len, kept[:-1]))), tuple(accumulate(map(len, dropped)))


def _unmask(text: str, unmasked: list[tuple[int, int]]) -> str:
    """The text with words that mix alphabets read as Latin where every foreign letter of them looks Latin."""

    def read(match: re.Match[str]) -> str:
        word = match.group()
        latin = _as_latin(word)
        if latin != word:
            unmasked.append(match.span())
        return latin

    return _WORD.sub(read, text)


@lru_cache(maxsize=8192)
def _as_latin(word: str) -> str:
    foreign = [letter for letter in word if letter > "\x7f"]
    if not foreign or len(foreign) == len(word):
        return word
    if not any("a" <= letter <= "z" for letter in word):
        # Numbers glued to a word of another alphabet: only the mark of a multiple (5х, х20) is meant as Latin.
        return word.replace("х", "x") if foreign == ["х"] else word
    alike = look_alikes()
    if all(letter in alike for letter in foreign):
        return "".join(alike.get(letter, letter) for letter in word)
    return word
