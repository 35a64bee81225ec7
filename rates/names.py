"""Names of products: whatever spelling a page uses, one dictionary look-up after one normalisation.

A name is folded into its words and numbers (`GPT5.5`, `gpt-5.5` and `Gpt 5 5` are all `gpt-5-5`). Where the whole is
not known, decorations that do not change the price are taken off its ends: who supplies it, how hard it thinks, the
day of its snapshot. Anything else that is left over makes the name unknown: a version that is not known is never read
as one that is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from rates.decorations import AFTER, BEFORE

LONGEST_NAME = 160
MOST_WORDS = 32
MOST_DROPPED = 8

_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_LEADING_TAG = re.compile(r"^\s{0,9}(?:\[[^\]]{0,40}\]|【[^】]{0,40}】|\([^)]{0,40}\)|<[^>]{0,40}>|\{[^}]{0,40}\})")


def fold(name: str) -> str:
    """The words and numbers of a name, in small letters, joined with dashes; the empty string where there are none."""
    return "-".join(_words(name))


def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", name[: LONGEST_NAME + 1]).casefold()
    return tuple(_WORD.findall(plain))


class NameIndex:
    """From any spelling of a product's name to its id."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are pairs of a spelling and a product id; of two that fold alike the first counts."""
        index: dict[str, str] = {}
        for spelling, product in names:
            folded = fold(spelling)
            if folded:
                index.setdefault(folded, product)
        self._index: Mapping[str, str] = index
        self.resolve = lru_cache(maxsize=16_384)(self._resolve)

    def _resolve(self, stated: str) -> str | None:
        if not stated or len(stated) > LONGEST_NAME:
            return None
        for reading in _readings(stated):
            words = _words(reading)
            if not words or len(words) > MOST_WORDS:
                continue
            found = self._index.get("-".join(words)) or self._undecorated(words)
            if found is not None:
                return found
        return None

    def _undecorated(self, words: tuple[str, ...]) -> str | None:
        fronts, backs = list(_fronts(words)), list(_backs(words))
        pairs = sorted((front + len(words) - back, front, back) for front in fronts for back in backs if front < back)
        for _, front, back in pairs:
            found = self._index.get("-".join(words[front:back]))
            if found is not None:
                return found
        return None


def _readings(stated: str) -> Iterator[str]:
    """The name as it stands, without the tags before it, and without the path before it."""
    yield stated
    untagged = stated
    for _ in range(3):
        shorter = _LEADING_TAG.sub("", untagged, count=1)
        if shorter == untagged:
            break
        untagged = shorter
    if untagged != stated:
        yield untagged
    after_path = untagged.rsplit("/", 1)[-1]
    if after_path != untagged:
        yield after_path


def _fronts(words: tuple[str, ...]) -> Iterator[int]:
    """How many words may be dropped from the front."""
    yield from _drops(words, BEFORE)


def _backs(words: tuple[str, ...]) -> Iterator[int]:
    """How many words may be kept from the front once decorations are dropped from the back."""
    ends = _drops(tuple(reversed(words)), frozenset(tuple(reversed(words)) for words in AFTER), dates=True)
    yield from (len(words) - dropped for dropped in ends)


def _drops(words: tuple[str, ...], droppable: frozenset[tuple[str, ...]], *, dates: bool = False) -> Iterator[int]:
    reached = {0}
    for start in range(min(len(words), MOST_DROPPED)):
        if start not in reached:
            continue
        yield start
        for length in (1, 2, 3):
            piece = words[start : start + length]
            if len(piece) == length and (piece in droppable or (dates and _is_day(piece))):
                reached.add(start + length)
    yield from (end for end in reached if end >= min(len(words), MOST_DROPPED) and end < len(words))


def _is_day(reversed_piece: tuple[str, ...]) -> bool:
    """Is it a snapshot's day, `20260401` or 2026 04 01 (handed in from the back)?"""
    digits = "".join(reversed(reversed_piece))
    return (
        len(digits) == 8
        and digits.isascii()
        and digits.isdigit()
        and digits.startswith("20")
        and 1 <= int(digits[4:6]) <= 12
        and 1 <= int(digits[6:8]) <= 31
    )


def nearest(stated: str, spellings: Iterable[str], most: int = 5) -> tuple[str, ...]:
    """The spellings most like a name, best first, for a message to a person."""
    # Only an error needs it, so that a look-up does not pay for loading it.
    from rapidfuzz import fuzz, process

    found = process.extract(
        stated[:LONGEST_NAME].casefold(), sorted(set(spellings)), scorer=fuzz.WRatio, limit=most, score_cutoff=60
    )
    return tuple(str(spelling) for spelling, _, _ in found)
