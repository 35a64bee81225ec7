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

import ahocorasick_rs

from detectors.reading.lexicon.load import read_words
from detectors.reading.lexicon.words import LETTERS, Word
from detectors.reading.normalise import fold
from detectors.reading.result import Mention, ReadListing

Key = tuple[str, str]
"""Category and concept."""
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


@dataclass(frozen=True, slots=True)
class Wording:
    """All phrases, immutable."""

    words: tuple[Word, ...]
    digest: str
    _automaton: ahocorasick_rs.AhoCorasick = field(repr=False, compare=False)

    def first_mentions(self, read: ReadListing) -> dict[Key, Mention]:
        """The first mention of every concept that the listing holds, the offer reader's words included."""
        first: dict[Key, Mention] = {}
        for mention in read.mentions:
            key = (mention[0], mention[1])
            if key not in first:
                first[key] = mention
        for name, original, folded in (
            ("title", read.listing.title, read.folded_title),
            ("text", read.listing.text, read.folded_text),
        ):
            if folded:
                self._add(first, read, name, original, folded)
        return first

    def _add(self, first: dict[Key, Mention], read: ReadListing, name: str, original: str, folded: str) -> None:
        words = self.words
        length = len(folded)
        spoken = _SPOKEN.get(read.language, frozenset({read.language, *_EVERYWHERE}))
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            word = words[index]
            key = (word.category, word.concept)
            if key in first or word.language not in spoken:
                continue
            if start and not word.open_left and folded[start] in LETTERS and folded[start - 1] in LETTERS:
                continue
            if end < length and not word.open_right and folded[end - 1] in LETTERS and folded[end] in LETTERS:
                continue
            place = (start, end) if length == len(original) else fold(original).original(start, end)
            first[key] = Mention(word.category, word.concept, original[place[0] : place[1]], name, *place)


def wording_of(words: Iterable[Word], digest: str) -> Wording:
    """The phrases as one automaton."""
    kept = tuple(words)
    automaton = ahocorasick_rs.AhoCorasick([word.text for word in kept], matchkind=ahocorasick_rs.MatchKind.Standard)
    return Wording(kept, digest, automaton)


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
