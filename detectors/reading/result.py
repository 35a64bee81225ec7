"""What reading a listing yields; pricing and signals look at this and at nothing else of the text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.finding import Contact
from domain.listing import Listing
from domain.offer import Offer, TextSpan


class Mention(NamedTuple):
    """A word of the lexicon that stands in the listing.

    `category` is the lexicon's file (`product`, `kind`, `delivery`, `risk`, `benign`, ...), `concept` what the word
    means there (`claude-pro`, `pooled_accounts`, `official_news`), `surface` how the text writes it, `start` and
    `end` the code points of the original `field`. A tuple, since a text yields dozens of them.
    """

    category: str
    concept: str
    surface: str
    field: str
    start: int
    end: int

    @property
    def span(self) -> TextSpan:
        """The place in the original field."""
        return TextSpan(self.field, self.start, self.end)


@dataclass(frozen=True, slots=True)
class ReadListing:
    """A listing with what was read from it; `disguised` holds spans of names or contacts written to be missed.

    `folded_title` and `folded_text` are the fields as they were matched: small letters, plain digits, disguises
    taken off. They may be shorter than the originals; spans never point into them.
    """

    listing: Listing
    language: str
    mentions: tuple[Mention, ...]
    offers: tuple[Offer, ...]
    contacts: tuple[Contact, ...]
    disguised: tuple[TextSpan, ...] = ()
    folded_title: str = ""
    folded_text: str = ""
    _by_concept: dict[tuple[str, str], Mention] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first: dict[tuple[str, str], Mention] = {}
        for mention in reversed(self.mentions):
            first[mention[0], mention[1]] = mention
        object.__setattr__(self, "_by_concept", first)

    def has(self, category: str, *concepts: str) -> bool:
        """Does any mention carry one of these concepts (or, with none given, this category)?"""
        if concepts:
            return any((category, concept) in self._by_concept for concept in concepts)
        return any(key[0] == category for key in self._by_concept)

    def first(self, category: str, *concepts: str) -> Mention | None:
        """The first mention of the first of these concepts that the listing has, None without any."""
        for concept in concepts:
            found = self._by_concept.get((category, concept))
            if found is not None:
                return found
        return None

    def all(self, category: str, *concepts: str) -> Iterator[Mention]:
        """Every mention of these concepts (or, with none given, of this category), in order of the text."""
        return (m for m in self.mentions if m[0] == category and (not concepts or m[1] in concepts))
