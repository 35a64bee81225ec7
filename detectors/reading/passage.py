"""A field as offers are read from it: its atoms, its products, its sentences, and which product a number is about."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as made_by

from detectors.reading.atoms import Atom, read_atoms, with_units
from detectors.reading.extent import close_ranges
from detectors.reading.field import Field
from detectors.reading.products import ORNAMENTS, Found, find_products
from detectors.reading.tables import NO_TABLES, Tables, find_tables
from rates.catalogue import ProductKind

# It begins with a set of signs, so that the search skips from one to the next; then what must stand around it.
_BREAK = re.compile(
    r"[\n。！？!?；|•·✅🔥💎⚡🟡.;}<](?:(?<=[\n。！？!?；|])|(?<=[^a-z][•·✅🔥💎⚡🟡])\s?|(?<=[.;])\s|(?<=\})\s?,"
    r"|(?<=<)(?:br\s{0,3}/?|/(?:td|tr|li|p))>)"
)
_LINE = re.compile(r"\n|</tr>|</li>")
_AND = (
    "或|和|与|及|以及|または|と|および|أو|و|یا|"
    r"\b(?:or|and|und|oder|et|y|e|o|ou|ve|veya|dan|atau|và|hoặc|и|или|та)\b"
)
_ORNAMENT = f"[{ORNAMENTS}]?"
_LIST = re.compile(
    rf"{_ORNAMENT}\s{{0,3}}(?:[/、,&+|]|{_AND})\s{{0,3}}(?:和|and )?{_ORNAMENT}|{_ORNAMENT}\s{{1,2}}{_ORNAMENT}"
)
MOST_LISTED = 8
LIST_BEFORE = 120
"""A list of products may begin so many characters before the sentence that it ends in (`Claude,\\nGPT дешевле`)."""
LONGEST_SENTENCE = 500
LONGEST_LINE = 900
"""Characters on each side of a place beyond which nothing belongs to it any more."""


@dataclass(slots=True)
class Passage:
    """A field with everything offers are made of. `spent` are the atoms that an offer has been made from."""

    field: Field
    language: str
    atoms: list[Atom]
    products: list[Found]
    spent: set[int] = made_by(default_factory=set)
    tables: Tables = NO_TABLES
    _breaks: list[int] | None = None
    _lines: list[int] | None = None
    _product_starts: list[int] = made_by(default_factory=list)
    _atom_starts: list[int] = made_by(default_factory=list)
    _claimed_after: set[int] = made_by(default_factory=set)

    def __post_init__(self) -> None:
        self._product_starts = [product.start for product in self.products]
        self._atom_starts = [atom.start for atom in self.atoms]

    def sentence(self, place: int) -> tuple[int, int]:
        """Where the sentence (or table cell, or list item) around the place begins and ends."""
        if self._breaks is None:
            found = [match.end() for match in _BREAK.finditer(self.field.text)]
            # A picture between the words of a name parts no sentences.
            self._breaks = [place for place in found if not self._inside_product(place)]
        return _around(self._breaks, place, len(self.field.text), LONGEST_SENTENCE)

    def _inside_product(self, place: int) -> bool:
        index = bisect_left(self._product_starts, place) - 1
        return index >= 0 and self.products[index].end > place

    def line(self, place: int) -> tuple[int, int]:
        """Where the line around the place begins and ends."""
        if self._lines is None:
            self._lines = [match.end() for match in _LINE.finditer(self.field.text)]
        return _around(self._lines, place, len(self.field.text), LONGEST_LINE)

    def in_range(self, start: int, end: int) -> list[Found]:
        """The products that begin within these places."""
        starts = self._product_starts
        return self.products[bisect_left(starts, start) : bisect_left(starts, end)]

    def atoms_in(self, start: int, end: int) -> range:
        """The indexes of the atoms that begin within these places."""
        return range(bisect_left(self._atom_starts, start), bisect_left(self._atom_starts, end))

    def head_has(self, place: int, *concepts: str) -> bool:
        """Does the head of the table's column that the place stands under hold a word of one of these concepts?"""
        head = self.tables.head_of(place)
        return head is not None and self.field.has_between(*head, *concepts)

    def has(self, start: int, end: int, *concepts: str) -> bool:
        """Does a word of one of these concepts begin within these places?"""
        return self.field.has_between(start, end, *concepts)

    def products_of(self, start: int, end: int, last_end: int) -> list[Found]:
        """The products that what stands from `start` to `end` is about.

        `last_end` is where the last thing that was about a product ended: products before it are spoken for. First
        those just before, in the same sentence; then those just after; then those named last in the lines before.
        """
        begin, finish = self.sentence(start)
        before = [
            found for found in self.in_range(max(begin, last_end), start) if found.start not in self._claimed_after
        ]
        if before:
            return self._group([*self.in_range(max(begin - LIST_BEFORE, last_end), before[0].start), *before])
        after = self.in_range(end, finish)
        if after:
            group = self._group_after(after)
            self._claimed_after.update(found.start for found in group)
            return group
        earlier = self.in_range(max(begin, end - 400), start)
        if earlier:
            return self._group(earlier)
        return self._inherited(start)

    def _group(self, before: Sequence[Found]) -> list[Found]:
        """The last of the products, with those listed together with it before."""
        group = [before[-1]]
        for found in reversed(before[:-1]):
            if len(group) == MOST_LISTED or _LIST.fullmatch(self.field.text, found.end, group[0].start) is None:
                break
            group.insert(0, found)
        return group

    def _group_after(self, after: Sequence[Found]) -> list[Found]:
        group = [after[0]]
        for found in after[1:]:
            if len(group) == MOST_LISTED or _LIST.fullmatch(self.field.text, group[-1].end, found.start) is None:
                break
            group.append(found)
        return group

    def _inherited(self, start: int) -> list[Found]:
        """The products named last before the place, at most a few lines back."""
        index = bisect_right(self._product_starts, start - 1)
        if index == 0:
            return []
        nearest = self.products[index - 1]
        if start - nearest.end > 600 or self.field.text.count("\n", nearest.end, start) > 8:
            return []
        return self._group(self.products[max(0, index - MOST_LISTED) : index])


def read_passage(field: Field, language: str) -> Passage:
    """The field's atoms and products."""
    if not field.text:
        return Passage(field, language, [], [])
    ranges = close_ranges(field)
    products = find_products(field, ranges)
    taken = [(place[0], place[1]) for place in field.addresses]
    closed = sorted(taken + [(found.start, found.end) for found in products])
    atoms = list(with_units(field, read_atoms(field, language, closed, ranges)))
    tables = find_tables(field) if atoms else NO_TABLES
    passage = Passage(field, language, atoms, products, tables=tables)
    _read_heads(passage)
    return passage


def _read_heads(passage: Passage) -> None:
    """Numbers under a head that calls them official or former are nobody's price; under one of ratios, multipliers."""
    if not passage.tables.starts:
        return
    for index, atom in enumerate(passage.atoms):
        if atom.kind in ("money", "plain") and passage.head_has(atom.start, "price_word.official", "price_word.old"):
            passage.spent.add(index)
        elif atom.kind == "plain" and passage.head_has(atom.start, "relation.multiplier"):
            passage.atoms[index] = atom._replace(kind="multiplier", key="word")


def families(products: Sequence[Found]) -> list[str]:
    """The families that the products belong to, each once, in order; credit that names none is left out."""
    named = (found.family for found in products if found.kind is not ProductKind.CREDIT and found.family)
    return list(dict.fromkeys(named))


def unspent(passage: Passage, kind: str) -> Iterator[tuple[int, Atom]]:
    """The atoms of a kind that no offer has been made from yet, with their index."""
    for index, atom in enumerate(passage.atoms):
        if atom.kind == kind and index not in passage.spent:
            yield index, atom


def _around(breaks: list[int], place: int, length: int, most: int) -> tuple[int, int]:
    """The breaks before and after the place, but never more than `most` characters away."""
    index = bisect_right(breaks, place)
    start = breaks[index - 1] if index else 0
    end = breaks[index] if index < len(breaks) else length
    least, last = place - most, place + most
    return (start if start > least else least), (end if end < last else last)
