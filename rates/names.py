"""Names of products: whatever spelling a page uses, one dictionary look-up after one normalisation.

A name is folded into its words and numbers (`GPT5.5`, `gpt-5.5` and `Gpt 5 5` are all `gpt-5-5`). Where the whole is
not known, decorations that do not change the price are taken off its ends: who supplies it, how hard it thinks, the
day of its snapshot. Anything else that is left over makes the name unknown: a version that is not known is never read
as one that is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from rates.decorations import AFTER, BEFORE, CLAIMS

LONGEST_NAME = 160
MOST_WORDS = 32
MOST_DROPPED = 8

_WORD = re.compile(r"[0-9]+|[^\W\d_]+")
_AFTER_REVERSED = frozenset(tuple(reversed(words)) for words in AFTER)
# `Pro+` is another plan than `Pro`.
_PLUS = re.compile(r"(?<=[^\W\d_])\+(?![^\W_])")
# Sellers write the x of `20x` in every alphabet and with signs.
_AROUND_NUMBER = re.compile(r"(?<=[0-9])[×✕✖⨯х]|[×✕✖⨯х](?=[0-9])")
_LEADING_TAG = re.compile(r"^\s{0,9}(?:\[[^\]]{0,40}\]|【[^】]{0,40}】|\([^)]{0,40}\)|<[^>]{0,40}>|\{[^}]{0,40}\})")


def fold(name: str) -> str:
    """The words and numbers of a name in small letters, numbers apart; the empty string where there are none."""
    return _key(_words(name))


def _key(words: Sequence[str]) -> str:
    """Words next to each other run together (`super grok` is `supergrok`), numbers stay apart (4.1 is not 41)."""
    pieces: list[str] = []
    for word in words:
        if pieces and word.isalpha() and pieces[-1].isalpha():
            pieces[-1] += word
        else:
            pieces.append(word)
    return "-".join(pieces)


def _words(name: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", name[: LONGEST_NAME + 1]).casefold()
    if "+" in plain:
        plain = _PLUS.sub(" plus ", plain)
    if not plain.isascii():
        plain = _AROUND_NUMBER.sub("x", plain)
    return tuple(_WORD.findall(plain))


class NameIndex:
    """From any spelling of a product's name to its id."""

    def __init__(self, names: Iterable[tuple[str, str]], whole: AbstractSet[str] = frozenset()) -> None:
        """`names` are pairs of a spelling and a product id; of two that fold alike the first counts.

        `whole` are products (plans) from whose names nothing is taken off but a claim to be official: `Cursor Pro 20x`
        is not `Pro 20x`.
        """
        self._whole = whole
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
            found = self._index.get(_key(words)) or self._undecorated(words)
            if found is not None:
                before = stated[: len(stated) - len(reading)]
                return None if self._names_another(before, found) else found
        return None

    def _names_another(self, path: str, found: str) -> bool:
        """Does the path before the name name a product of its own, as in `Claude/GPT`?"""
        for part in path.split("/"):
            words = _words(_LEADING_TAG.sub("", part, count=1))
            other = self._index.get(_key(words)) if words and words not in BEFORE else None
            if other is not None and not found.startswith(other):
                return True
        return False

    def _undecorated(self, words: tuple[str, ...]) -> str | None:
        fronts, backs = list(_fronts(words)), list(_backs(words))
        pairs = sorted((front + len(words) - back, front, back) for front in fronts for back in backs if front < back)
        for _, front, back in pairs:
            kept = words[front:back]
            # The `v1:0` of a cloud says nothing after a version, but is one itself after a bare family.
            if "v" in words[back:] and not any(word.isdigit() for word in kept):
                continue
            found = self._index.get(_key(kept))
            if found is not None and (found not in self._whole or _only_claims(words[:front], words[back:])):
                return found
        return None


def _only_claims(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    return not after and all(word in CLAIMS for word in before)


def _readings(stated: str) -> Iterator[str]:
    """The name as it stands, and as it is without the tags (`[...]`) and paths (`openai/`) before it."""
    reading = stated
    yield reading
    for _ in range(MOST_DROPPED):
        shorter = _LEADING_TAG.sub("", reading, count=1)
        if shorter == reading:
            shorter = reading.partition("/")[2]
        if not shorter:
            return
        reading = shorter
        yield reading


def _fronts(words: tuple[str, ...]) -> Iterator[int]:
    """How many words may be dropped from the front."""
    yield from _drops(words, BEFORE)


def _backs(words: tuple[str, ...]) -> Iterator[int]:
    """How many words may be kept from the front once decorations are dropped from the back."""
    ends = _drops(tuple(reversed(words)), _AFTER_REVERSED, dates=True)
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
