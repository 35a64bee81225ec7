"""Text as the words that search knows, made here and not by a database, so that both know the same.

Letters are folded: width, case, marks (`gia re` finds `giá rẻ`), digits of other scripts. Scripts that put no spaces
between words become overlapping pairs of characters, so that every word of two characters or more is found; a run's
last character stands once more by itself, so that one character is found as the beginning of a word. Everything else is
cut at whatever is neither letter nor digit: handles and domains are phrases of their parts.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MOST_TOKENS = 4000
MOST_TOKEN_CHARACTERS = 64

# First and last code points of scripts written without spaces.
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1100, 0x11FF),  # Hangul letters
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x30FF),  # iteration mark, Hiragana, Katakana
    (0x3400, 0x9FFF),  # Han
    (0xAC00, 0xD7AF),  # Hangul
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x20000, 0x323AF),  # Han, beyond the basic plane
)
# Letters that no decomposition takes apart.
_SPELLED = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ħ": "h"}


def is_unspaced(character: str) -> bool:
    """Is the character of a script that is written without spaces?"""
    point = ord(character)
    return point > 0xDFF and any(first <= point <= last for first, last in _UNSPACED)


class _Folding(dict[int, str]):
    """Folds one character; each is worked out once."""

    def __missing__(self, point: int) -> str:
        self[point] = folded = _fold(chr(point))
        return folded


def _fold(character: str) -> str:
    """Lower case, without marks and width; a space for what separates words, nothing for what is a mark by itself."""
    category = unicodedata.category(character)
    if is_unspaced(character):
        return unicodedata.normalize("NFKC", character) if category[0] in "LMN" else " "
    if category in {"Mn", "Me", "Cf"}:
        return ""
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category[0] not in "LNS":
        return " "
    plain = unicodedata.normalize("NFKD", character).casefold()
    kept = (_SPELLED.get(part, part) for part in plain if unicodedata.category(part) != "Mn")
    return "".join(part if unicodedata.category(part[0])[0] in "LN" else " " for part in kept)


FOLDING = _Folding()


@dataclass(frozen=True, slots=True)
class Run:
    """Folded characters of one kind that stand together: a word, or a stretch of a script without spaces."""

    text: str
    unspaced: bool


def runs_of(text: str) -> Iterator[Run]:
    """The runs of a text, in order."""
    for word in text.translate(FOLDING).split():
        start = 0
        unspaced = is_unspaced(word[0])
        for place, character in enumerate(word):
            if is_unspaced(character) != unspaced:
                yield Run(word[start:place], unspaced)
                start, unspaced = place, not unspaced
        yield Run(word[start:], unspaced)


def tokens_of(text: str) -> list[str]:
    """The tokens of a text, in order; the first 4,000 of it."""
    tokens: list[str] = []
    for run in runs_of(text):
        tokens += tokens_of_run(run)
        if len(tokens) >= MOST_TOKENS:
            return tokens[:MOST_TOKENS]
    return tokens


def tokens_of_run(run: Run) -> list[str]:
    """A word as itself (its first 64 characters); a run without spaces as pairs, and its last character."""
    if not run.unspaced:
        return [run.text[:MOST_TOKEN_CHARACTERS]]
    return [run.text[place : place + 2] for place in range(len(run.text))]
