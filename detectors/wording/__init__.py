"""Phrases that tell a trade from talk of it: data for the signals, matched apart from the words that make an offer.

The offer reader's lexicon finds words without overlaps, leftmost and longest first, since a price may be read only
once. Phrases of judgement overlap those words ("credits expire", "own account") and must not take them away, so that
they are files and a pass of their own. Phrases of `risk`, `sale` and `benign` become concepts of `risk_phrase`,
`sale_phrase` and `benign_phrase`, and so do an operator's words of those categories; the lexicon's own single words of
them are merely counted. Each word of the concept `hint` is a concept of its own, so that hints can be counted too.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import ahocorasick_rs

from detectors.reading.field import Field
from detectors.reading.lexicon.load import read_words
from detectors.reading.lexicon.words import DIGITS, LETTERS, Word
from detectors.reading.result import Key, Mention, ReadListing

PHRASE = "benign_phrase"
# Sellers everywhere mix in English, and Chinese cannot be mistaken for another script's words; what is Arabic for "use"
# is Persian for "hiring", so that every other language's phrases count only in a text of that language.
_EVERYWHERE = frozenset({"any", "en", "zh"})
_SPOKEN = {
    "und": frozenset({*_EVERYWHERE, "ru", "vi", "id", "pt", "es", "tr", "ar", "hi", "ko", "ja", "de", "fr", "uk"}),
    "ru": frozenset({*_EVERYWHERE, "ru", "uk"}),
    "uk": frozenset({*_EVERYWHERE, "ru", "uk"}),
}
PHRASES = frozenset({"risk_phrase", "sale_phrase", PHRASE})
HINT = "hint "


PIECE = 16_384
"""Characters that are looked through at once, so that the matches of a long text are never all in memory."""


class Phrase(NamedTuple):
    """What a match needs to know of its word: whether a letter may touch it on the left and on the right."""

    key: Key
    language: str
    closed_left: bool
    closed_right: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """All phrases, immutable."""

    words: tuple[Word, ...]
    digest: str
    _phrases: tuple[Phrase, ...] = field(repr=False, compare=False)
    _longest: int = field(repr=False, compare=False)
    _automaton: ahocorasick_rs.AhoCorasick = field(repr=False, compare=False)

    def first_mentions(self, read: ReadListing) -> dict[Key, Mention]:
        """The first mention of every concept that the listing holds, the offer reader's words included."""
        first = read.first_words()
        spoken = _SPOKEN.get(read.language) or frozenset({read.language, *_EVERYWHERE})
        for each in read.fields:
            if each.text:
                self._add(first, each, spoken)
        return first

    def _add(self, first: dict[Key, Mention], where: Field, spoken: frozenset[str]) -> None:
        folded, phrases = where.text, self._phrases
        padded = folded + " "
        for begin in range(0, len(folded), PIECE):
            # Pieces overlap by the longest phrase, so that none is cut in two.
            piece_start = max(0, begin - self._longest)
            piece = folded[piece_start : begin + PIECE] if len(folded) > PIECE else folded
            for index, start, end in self._automaton.find_matches_as_indexes(piece, overlapping=True):
                key, language, closed_left, closed_right = phrases[index]
                if key in first or language not in spoken:
                    continue
                start, end = piece_start + start, piece_start + end
                if closed_left and padded[start - 1] in LETTERS:
                    continue
                if closed_right and padded[end] in LETTERS:
                    continue
                if _cuts_a_number(padded, start, end):
                    continue
                first[key] = Mention(where, start, end)


def _cuts_a_number(padded: str, start: int, end: int) -> bool:
    """Does the phrase begin or end inside a number (`20 usd` in `120 usd`, `$20` in `$200`)?"""
    return (padded[start] in DIGITS and padded[start - 1] in DIGITS) or (
        padded[end - 1] in DIGITS and padded[end] in DIGITS
    )


def wording_of(words: Iterable[Word], digest: str) -> Wording:
    """The phrases as one automaton."""
    kept = tuple(words)
    automaton = ahocorasick_rs.AhoCorasick([word.text for word in kept], matchkind=ahocorasick_rs.MatchKind.Standard)
    phrases = tuple(
        Phrase(
            (word.category, word.concept), word.language,
            word.text[0] in LETTERS and not word.open_left, word.text[-1] in LETTERS and not word.open_right,
        )
        for word in kept
    )  # fmt: skip
    return Wording(kept, digest, phrases, max((len(word.text) for word in kept), default=0), automaton)


@lru_cache(maxsize=4)
def load_wording(overlay: tuple[tuple[str, str], ...] = ()) -> Wording:
    """The shipped phrases and the operator's (pairs of a name and the text of a TOML file); raises LexiconError."""
    shipped: Mapping[str, str] = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in sorted(files(__package__).iterdir(), key=lambda each: each.name)
        if entry.name.endswith(".toml")
    }
    documents = (*sorted(shipped.items()), *overlay)
    digest = hashlib.sha256(repr(documents).encode("utf-8", "backslashreplace")).hexdigest()
    found: dict[tuple[Key, str], Word] = {}
    for name, text in documents:
        for word in map(_as_phrase, read_words(name, text)):
            if word.category not in PHRASES:
                continue
            found.setdefault(((word.category, word.concept), word.text), word)
    return wording_of(found.values(), digest)


def _as_phrase(word: Word) -> Word:
    concept = f"{HINT}{word.text}" if word.concept == "hint" else word.concept
    return replace(word, category=f"{word.category}_phrase", concept=concept)
