"""One field of a listing (its title or text), folded, with the words found in it and ways to look around a place."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from detectors.reading.addresses import find_addresses
from detectors.reading.lexicon.words import Hit, Lexicon
from detectors.reading.normalise import Folded, fold
from domain.offer import TextSpan

_LINE_END = re.compile(r"\n|<br\s{0,3}/?>|</tr>|</li>|</p>|；")


@dataclass(slots=True)
class Field:
    """A folded field. `hits` are in order and do not overlap; all places are in the folded text unless said.

    `addresses` are the places of URLs, handles and wallets, whose digits are no amounts.
    """

    name: str
    original: str
    folded: Folded
    hits: list[Hit]
    lexicon: Lexicon
    addresses: list[tuple[int, int]]
    text: str = ""
    _starts: list[int] = field(default_factory=list)
    _by_start: dict[int, Hit] = field(default_factory=dict)
    _by_end: dict[int, Hit] = field(default_factory=dict)
    _places: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text = self.folded.text
        self._starts = [hit[0] for hit in self.hits]
        self._by_start = {hit[0]: hit for hit in self.hits}
        self._by_end = {hit[1]: hit for hit in self.hits}
        places = self._places
        for start, _, meaning in self.hits:
            for key in meaning.keys:
                if key in places:
                    places[key].append(start)
                else:
                    places[key] = [start]

    def span(self, start: int, end: int) -> TextSpan:
        """The place in the original."""
        first, last = self.folded.original(start, end)
        return TextSpan(self.name, first, last)

    def surface(self, start: int, end: int) -> str:
        """What the original writes there."""
        first, last = self.folded.original(start, end)
        return self.original[first:last]

    def right_of(self, place: int, skip: str = " *`~", most: int = 2) -> Hit | None:
        """The word that begins at the place, past a few skippable characters."""
        for step in range(most + 1):
            hit = self._by_start.get(place + step)
            if hit is not None:
                return hit
            if self.text[place + step : place + step + 1] not in skip or place + step >= len(self.text):
                return None
        return None

    def left_of(self, place: int, skip: str = " *`~", most: int = 2) -> Hit | None:
        """The word that ends at the place, past a few skippable characters before it."""
        for step in range(most + 1):
            hit = self._by_end.get(place - step)
            if hit is not None:
                return hit
            if place - step <= 0 or self.text[place - step - 1] not in skip:
                return None
        return None

    def hits_between(self, start: int, end: int) -> list[Hit]:
        """The words that begin within these places."""
        return self.hits[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def inside_hit(self, place: int) -> Hit | None:
        """The word that covers the place."""
        index = bisect_right(self._starts, place) - 1
        if index >= 0 and self.hits[index][1] > place:
            return self.hits[index]
        return None

    def has_between(self, start: int, end: int, *keys: str) -> bool:
        """Does a word of one of these concepts (`category.concept`) or categories begin within these places?"""
        for key in keys:
            places = self._places.get(key)
            if places is not None:
                index = bisect_left(places, start)
                if index < len(places) and places[index] < end:
                    return True
        return False

    def hits_of(self, *keys: str) -> list[Hit]:
        """Every word of these concepts or categories, in order."""
        places = [place for key in keys for place in self._places.get(key, ())]
        if len(keys) > 1:
            places = sorted(set(places))
        return [self._by_start[place] for place in places]

    def lines(self) -> Iterator[tuple[int, int]]:
        """The places of its lines: parts between line ends, table rows, list items."""
        start = 0
        for end in _LINE_END.finditer(self.text):
            yield start, end.start()
            start = end.end()
        yield start, len(self.text)


def read_field(name: str, original: str, lexicon: Lexicon) -> Field:
    """The field folded, with its words."""
    if not original:
        return Field(name, original, Folded(""), [], lexicon, [])
    folded = fold(original)
    return Field(name, original, folded, lexicon.find(folded.text), lexicon, find_addresses(folded.text))
