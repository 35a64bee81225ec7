"""One field of a listing (its title or text), folded, with the words found in it and ways to look around a place."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from detectors.reading.addresses import Address, find_addresses
from detectors.reading.lexicon.words import DISGUISED, Hit, Lexicon, Meaning, Words
from detectors.reading.normalise import Folded, fold
from domain.offer import TextSpan

Range = tuple[int, int]


@dataclass(slots=True)
class Field:
    """A folded field. `words` are in order and do not overlap; all places are in the folded text unless said.

    `addresses` are the places of URLs, handles and wallets, whose digits are no amounts.
    """

    name: str
    original: str
    folded: Folded
    words: Words
    lexicon: Lexicon
    addresses: list[Address]
    text: str = ""
    _moved: bool = False
    _starts: Sequence[int] = ()
    _by_start: dict[int, int] = field(default_factory=dict)
    _by_end: dict[int, int] = field(default_factory=dict)
    _places: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.text = self.folded.text
        self._moved = self.folded.moved
        starts = self.words.starts
        if not starts:
            return
        self._starts = starts
        self._by_start = dict(zip(starts, range(len(starts)), strict=True))
        self._by_end = dict(zip(self.words.ends, range(len(starts)), strict=True))
        places = self._places
        for start, meaning in zip(starts, self.words.meanings, strict=True):
            for key in meaning.keys:
                places[key].append(start)

    def _hit(self, index: int) -> Hit:
        words = self.words
        return tuple.__new__(Hit, (words.starts[index], words.ends[index], words.meanings[index]))

    def span(self, start: int, end: int) -> TextSpan:
        """The place in the original."""
        if self._moved:
            start, end = self.folded.original(start, end)
        return TextSpan(self.name, start, end)

    def surface(self, start: int, end: int) -> str:
        """What the original writes there."""
        if self._moved:
            start, end = self.folded.original(start, end)
        return self.original[start:end]

    def right_of(self, place: int, skip: str = " *`~", most: int = 2) -> Hit | None:
        """The word that begins at the place, past a few skippable characters."""
        index = self._by_start.get(place)
        text, length = self.text, len(self.text)
        while index is None and most and place < length and text[place] in skip:
            place += 1
            most -= 1
            index = self._by_start.get(place)
        return None if index is None else self._hit(index)

    def left_of(self, place: int, skip: str = " *`~", most: int = 2) -> Hit | None:
        """The word that ends at the place, past a few skippable characters before it."""
        index = self._by_end.get(place)
        text = self.text
        while index is None and most and place and text[place - 1] in skip:
            place -= 1
            most -= 1
            index = self._by_end.get(place)
        return None if index is None else self._hit(index)

    def before(self, place: int, reach: int, but: frozenset[str]) -> Hit | None:
        """The last word, not one of `but`, that ends before the place and begins at most `reach` before it."""
        starts, ends = self._starts, self.words.ends
        index = bisect_left(starts, place) - 1
        while index >= 0 and starts[index] >= place - reach:
            if ends[index] <= place and self.text[starts[index] : ends[index]] not in but:
                return self._hit(index)
            index -= 1
        return None

    def hits_between(self, start: int, end: int) -> list[Hit]:
        """The words that begin within these places."""
        starts = self._starts
        first = bisect_left(starts, start)
        # Most places looked at hold no word.
        if first == len(starts) or starts[first] >= end:
            return []
        return [self._hit(index) for index in range(first, bisect_left(starts, end, first))]

    def between(self, start: int, end: int) -> range:
        """The numbers of the words that begin within these places."""
        return range(bisect_left(self._starts, start), bisect_left(self._starts, end))

    def covered(self, place: int) -> bool:
        """Does a word cover the place?"""
        index = bisect_right(self._starts, place) - 1
        return index >= 0 and self.words.ends[index] > place

    def in_address(self, place: int) -> bool:
        """Does an address, a handle or a wallet cover the place?"""
        index = bisect_right(self.addresses, place, key=_start_of) - 1
        return index >= 0 and self.addresses[index].end > place

    def is_disguised(self, span: TextSpan) -> bool:
        """Is exactly this place of the original a name or contact that is written to be missed?"""
        unmasked = self.folded.unmasked
        index = bisect_left(unmasked, span.start, key=lambda place: self.folded.original(*place)[0])
        if index < len(unmasked) and self.span(*unmasked[index]) == span:
            return True
        places = self._places.get(DISGUISED, [])
        index = bisect_left(places, span.start, key=lambda place: self.folded.original(place, place)[0])
        if index == len(places):
            return False
        return self.span(places[index], self.words.ends[self._by_start[places[index]]]) == span

    def meaning_at(self, place: int) -> Meaning | None:
        """What the word means that covers the place."""
        index = bisect_right(self._starts, place) - 1
        return self.words.meanings[index] if index >= 0 and self.words.ends[index] > place else None

    def has_between(self, start: int, end: int, *keys: str) -> bool:
        """Does a word of one of these concepts (`category.concept`) or categories begin within these places?"""
        for key in keys:
            places = self._places.get(key)
            # Most words stand once in a text, and need no search.
            if places is not None and places[-1] >= start:
                if places[0] >= start:
                    if places[0] < end:
                        return True
                elif places[bisect_left(places, start)] < end:
                    return True
        return False

    def hits_within(self, ranges: list[Range], *keys: str) -> list[Hit]:
        """The words of these concepts or categories that begin within the ranges, in order."""
        if len(ranges) == 1 and ranges[0] == (0, len(self.text)):
            return self.hits_of(*keys)
        found: set[int] = set()
        for key in keys:
            places = self._places.get(key, [])
            for start, end in ranges:
                found.update(places[bisect_left(places, start) : bisect_left(places, end)])
        return [self._hit(self._by_start[place]) for place in sorted(found)]

    def hits_of(self, *keys: str) -> list[Hit]:
        """Every word of these concepts or categories, in order."""
        get = self._places.get
        listed = [places for key in keys if (places := get(key)) is not None]
        if not listed:
            return []
        places = listed[0] if len(listed) == 1 else sorted(set().union(*listed))
        return [self._hit(self._by_start[place]) for place in places]


def _start_of(address: Address) -> int:
    return address.start


@lru_cache(maxsize=4)
def _empty_field(name: str, lexicon: Lexicon) -> Field:
    """Most listings lack a title or a text; nobody writes to a field, so that one without anything serves them all."""
    return Field(name, "", Folded(""), Words(), lexicon, [])


def read_field(name: str, original: str, lexicon: Lexicon) -> Field:
    """The field folded, with its words."""
    if not original:
        return _empty_field(name, lexicon)
    folded = fold(original)
    return Field(name, original, folded, lexicon.find(folded.text), lexicon, find_addresses(folded.text))
