"""The lexicon in memory: one automaton over all words, with the edges that a word may not share with a longer one."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

from rates.catalogue import Product

LETTERS = frozenset(
    chr(code)
    for first, last in ((0x61, 0x7A), (0xDF, 0x24F), (0x370, 0x58F), (0x5D0, 0x5EA), (0x620, 0x6D3), (0x900, 0x963))
    for code in range(first, last + 1)
)
"""Letters of scripts that put spaces between words: a word must not begin or end inside a longer one."""

LONGEST_WORD = 60
PIECE = 4096
MOST_IN_PIECE = 600
Match = tuple[int, int, int]
"""As the automaton gives it: the number of the spelling, and where it begins and ends."""

DIGITS = frozenset("0123456789")
NUMERALS = DIGITS | frozenset("一二两双三四五六七八九十百千万几半")


@dataclass(frozen=True, slots=True)
class Word:
    """One way to write a concept. `text` is folded; `value` is the concept's number or code where it has one.

    `open_left` and `open_right` say that letters may go on there (a stem). `after_number` and `before_number` say
    that it counts only beside a number. `disguised` marks a spelling that is made to be missed.
    """

    category: str
    concept: str
    text: str
    value: str = ""
    language: str = "any"
    open_left: bool = False
    open_right: bool = False
    after_number: bool = False
    before_number: bool = False
    disguised: bool = False

    @property
    def free(self) -> bool:
        """May it stand anywhere, whatever is beside it (as words of scripts without spaces may)?"""
        edges = (self.text[0], self.text[-1])
        if self.after_number or self.before_number or any(edge in DIGITS for edge in edges):
            return False
        return (self.open_left or edges[0] not in LETTERS) and (self.open_right or edges[1] not in LETTERS)


DISGUISED = "disguised"
"""The key of spellings that are made to be missed."""


class Meaning:
    """What one spelling can mean: its words, the first of each category, its concepts as `category.concept`.

    `keys` are the concepts and the categories: all that a place can be asked for; `said` are the pairs of category
    and concept. Where only some of the words fit, `part` gives the meaning of those.
    """

    __slots__ = ("_parts", "concepts", "keys", "roles", "said", "words")

    def __init__(self, words: tuple[Word, ...]) -> None:
        self.words = words
        self.roles: Mapping[str, Word] = {word.category: word for word in reversed(words)}
        self.concepts = frozenset(f"{word.category}.{word.concept}" for word in words)
        self.keys = (*self.concepts, *self.roles, *((DISGUISED,) if words and words[0].disguised else ()))
        self.said = tuple(dict.fromkeys((word.category, word.concept) for word in words))
        self._parts: dict[tuple[bool, ...], Meaning] = {}

    def part(self, fits: tuple[bool, ...]) -> "Meaning | None":
        """The meaning of the words that fit, None without any; each part is made once."""
        if all(fits):
            return self
        if not any(fits):
            return None
        part = self._parts.get(fits)
        if part is None:
            part = self._parts[fits] = Meaning(tuple(word for word, fit in zip(self.words, fits, strict=True) if fit))
        return part


@dataclass(slots=True)
class Words:
    """The words found in a text, as columns: of a long text there are a hundred thousand, and tuples would weigh."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    meanings: list[Meaning] = field(default_factory=list)


class Hit(NamedTuple):
    """A place in a folded text where a spelling of the lexicon stands."""

    start: int
    end: int
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class PlanRule:
    """Which tiers beside which family make a plan, and the official monthly prices quoted beside it."""

    id: str
    family: str
    tiers: tuple[frozenset[str], ...]
    bare: tuple[frozenset[str], ...]
    faces: tuple[Decimal, ...]


class Lexicon:
    """All words, immutable. `resolve` turns a model's name into the id that the rates know."""

    def __init__(
        self,
        words: Iterable[Word],
        *,
        digest: str,
        resolve: Callable[[str], str | None],
        products: Mapping[str, Product],
        plans: Iterable[PlanRule],
    ) -> None:
        self.words = tuple(words)
        self.digest = digest
        self.resolve = resolve
        self.products = products
        """What the rates know of each product id."""
        self.plans = {plan.id: plan for plan in plans}
        by_text: dict[str, list[Word]] = {}
        for word in self.words:
            by_text.setdefault(word.text, []).append(word)
        self.suffixes: Mapping[str, Meaning] = {
            text: Meaning(tuple(same)) for text, same in by_text.items() if len(text) == 1 and text in LETTERS
        }
        """One-letter words, which count only straight after a number (`10k`, `8r`, `20x`)."""
        self._texts = texts = [text for text in by_text if text not in self.suffixes]
        self._meanings = tuple(_with_inner_kinds(texts, by_text))
        self._checks = tuple(_check_of(meaning) for meaning in self._meanings)
        self._covers = _covering(texts)
        self._reaches_out = _reaching_out(texts, by_text)
        self._inside = lru_cache(maxsize=len(texts))(self._look_inside)
        self._automaton = ahocorasick_rs.AhoCorasick(texts, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)

    def find(self, folded: str) -> Words:
        """Every word in the text, leftmost and longest first, without overlaps."""
        # This loop runs a million times a second. The space at the end stands for the character beyond both ends of
        # the text.
        checks, meanings, padded = self._checks, self._meanings, folded + " "
        found = Words()
        add_start, add_end, add_meaning = found.starts.append, found.ends.append, found.meanings.append
        reached = 0
        for begin, matches in self._pieces(folded):
            for index, start, end in matches:
                if begin:
                    start += begin
                    end += begin
                if start < reached:
                    continue
                check = checks[index]
                fitting = _checked(check, meanings[index], padded, start, end) if check else meanings[index]
                if fitting is not None:
                    add_start(start)
                    add_end(end)
                    add_meaning(fitting)
                elif self._covers[index]:
                    for hit in self._beneath(index, padded, start, end):
                        add_start(hit[0])
                        add_end(hit[1])
                        add_meaning(hit[2])
                        reached = hit[1]
        return found

    def _pieces(self, folded: str) -> Iterable[tuple[int, Sequence[Match]]]:
        """The automaton's matches; of a long text in pieces, so that a stretch made only of words stays cheap."""
        if len(folded) <= PIECE:
            return ((0, self._automaton.find_matches_as_indexes(folded)),)
        return self._long_pieces(folded)

    def _long_pieces(self, folded: str) -> Iterator[tuple[int, Sequence[Match]]]:
        begin = 0
        while begin < len(folded):
            # A piece ends at a blank, where few words are cut; only a text without any is cut anywhere.
            end = folded.rfind(" ", begin + PIECE // 2, begin + PIECE)
            end = begin + PIECE if end < 0 else end + 1
            yield begin, self._automaton.find_matches_as_indexes(folded[begin:end])[:MOST_IN_PIECE]
            begin = end

    def _beneath(self, index: int, padded: str, start: int, end: int) -> list[Hit]:
        """Words that one which did not fit had covered.

        `chatgpt` where `chatgpt pro` was only the start of another word; `倍率` where `5倍` was the end of `0.5倍率`.
        """
        checks, meanings = self._checks, self._meanings
        length = end - start
        inside, further = self._inside(index)
        if self._reaches_out[index]:
            further = [
                (other, 1 + first, 1 + last)
                for other, first, last in self._automaton.find_matches_as_indexes(
                    padded[start + 1 : end + LONGEST_WORD]
                )
            ]
        for matches in (inside, further):
            found: list[Hit] = []
            for other, first, last in matches:
                if first >= length:
                    break
                fitting = _checked(checks[other], meanings[other], padded, start + first, start + last)
                if fitting is not None:
                    found.append(Hit(start + first, start + last, fitting))
            if found:
                return found
        return []

    def _look_inside(self, index: int) -> tuple[Sequence[Match], Sequence[Match]]:
        """The words that a spelling holds, short of its last character, and short of its first."""
        text, find = self._texts[index], self._automaton.find_matches_as_indexes
        return find(text[:-1]), [(other, 1 + first, 1 + last) for other, first, last in find(text[1:])]


_LEFT, _RIGHT, _PARTLY = 1, 2, 4
"""What must be looked at: that no letter touches the left, the right, or each word's own conditions."""


def _check_of(meaning: Meaning) -> int:
    """What must be looked at around a spelling: 0 for nothing, that no letter touches a side, or `_PARTLY`."""
    if all(word.free for word in meaning.words):
        return 0
    text = meaning.words[0].text
    numbers = any(word.after_number or word.before_number for word in meaning.words)
    sides = {(word.open_left, word.open_right) for word in meaning.words}
    if numbers or len(sides) > 1 or text[0] in DIGITS or text[-1] in DIGITS:
        return _PARTLY
    open_left, open_right = sides.pop()
    left = _LEFT if text[0] in LETTERS and not open_left else 0
    return left | (_RIGHT if text[-1] in LETTERS and not open_right else 0)


def _checked(check: int, meaning: Meaning, padded: str, start: int, end: int) -> Meaning | None:
    """The meanings that hold there, after the cheap look that tells most of them."""
    if check != _PARTLY:
        touched = (check & _LEFT and padded[start - 1] in LETTERS) or (check & _RIGHT and padded[end] in LETTERS)
        if not touched:
            return meaning
        # An x may be the sign after a number, and then touches nothing.
        if padded[start - 1] != "x" and padded[end - 1] != "x":
            return None
    return _fitting(meaning, padded, start, end)


def _fitting(meaning: Meaning, folded: str, start: int, end: int) -> Meaning | None:
    """The meanings that hold there: of words that stand on their own, and beside a number where they must."""
    first, last = folded[start], folded[end - 1]
    before = folded[start - 1] if start else " "
    after = folded[end] if end < len(folded) else " "
    if first in DIGITS and (before in DIGITS or _goes_on(folded[max(0, start - 2) : start][::-1])):
        return None
    if last in DIGITS and (after in DIGITS or _goes_on(folded[end : end + 2])):
        return None
    inside_left = before in LETTERS and first in LETTERS and not _is_times(folded, start - 1)
    inside_right = after in LETTERS and last in LETTERS and not _is_times(folded, end - 1)
    if len(meaning.words) == 1:
        return meaning if _fits(meaning.words[0], folded, start, end, inside_left, inside_right) else None
    return meaning.part(tuple([_fits(word, folded, start, end, inside_left, inside_right) for word in meaning.words]))


def _covering(texts: Sequence[str]) -> tuple[bool, ...]:
    """Which spellings may hide another one when they do not fit: one inside them, or one that begins in their end.

    A word that begins in the end of one, in the middle of a run of letters, would not stand on its own.
    """
    known = frozenset(texts)
    beginnings = frozenset(text[:length] for text in texts for length in range(1, len(text) + 1))
    return tuple(
        any(
            text[start:end] in known
            for start in range(len(text))
            for end in range(start + 1, len(text) + 1)
            if end - start < len(text)
        )
        or any(text[start:] in beginnings for start in range(1, len(text)) if text[start] not in LETTERS)
        for text in texts
    )


def _reaching_out(texts: Sequence[str], by_text: Mapping[str, list[Word]]) -> tuple[bool, ...]:
    """In which spellings another one may begin that ends beyond them, and could stand there.

    Of the others it is known beforehand what they hold. One that begins in the middle of a run of letters stands only
    if letters may go before it, or if it follows the sign of a multiplication.
    """
    beginnings = frozenset(text[:length] for text in texts for length in range(1, len(text)))
    stems = [text for text in texts if any(word.open_left for word in by_text[text])]
    of_stems = frozenset(text[:length] for text in stems for length in range(1, len(text)))

    def may_begin(text: str, place: int) -> bool:
        rest, before = text[place:], text[place - 1]
        if rest[0] in LETTERS and before in LETTERS and before != "x":
            return rest in of_stems
        return rest in beginnings

    return tuple(any(may_begin(text, place) for place in range(1, len(text))) for text in texts)


def _with_inner_kinds(texts: Sequence[str], by_text: Mapping[str, list[Word]]) -> Iterator[Meaning]:
    """Each spelling's meaning, with the kind of offer that a shorter word inside it names (`直充` in `官方直充`).

    A word that denies what it holds (`免接码`, `无质保`) does not mean it.
    """
    kinds = [text for text in texts if len(text) > 1 and any(word.category == "kind" for word in by_text[text])]
    automaton = ahocorasick_rs.AhoCorasick(kinds)
    for text in texts:
        words = list(by_text[text])
        if not any(word.category in ("kind", "product", "plan") for word in words):
            for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
                inner = Meaning(tuple(word for word in by_text[kinds[index]] if word.category == "kind"))
                fitting = _fitting(inner, text, start, end)
                if fitting is not None and text[start - 1 : start] not in _DENIALS:
                    words.extend(fitting.words)
        yield Meaning(tuple(dict.fromkeys(words)))


_DENIALS = frozenset("已未免无不非跳过接")


def _is_times(folded: str, place: int) -> bool:
    """Is the x there the sign after a number (`20xmax`), and no letter of a word?"""
    return folded[place] == "x" and place > 0 and folded[place - 1] in DIGITS


def _goes_on(beside: str) -> bool:
    """Does a number go on there, past its decimal mark (`0.5倍` holds no `5倍`)?"""
    return len(beside) == 2 and beside[0] in ".," and beside[1] in DIGITS


def _fits(word: Word, folded: str, start: int, end: int, inside_left: bool, inside_right: bool) -> bool:
    if (inside_left and not word.open_left) or (inside_right and not word.open_right):
        return False
    if word.after_number and folded[max(0, start - 2) : start].strip(" ")[-1:] not in NUMERALS:
        return False
    return not (word.before_number and folded[end : end + 2].strip(" ")[:1] not in DIGITS)
