"""What reading a listing yields; pricing and signals look at this and at nothing else of the text."""

from dataclasses import dataclass

from domain.finding import Contact
from domain.listing import Listing
from domain.offer import Offer, TextSpan


@dataclass(frozen=True, slots=True)
class Mention:
    """A word of the lexicon that stands in the listing.

    `category` is the lexicon's file (`product`, `kind`, `delivery`, `risk`, `benign`, ...), `concept` what the word
    means there (`claude-pro`, `pooled_accounts`, `official_news`), `surface` how the text writes it.
    """

    category: str
    concept: str
    surface: str
    span: TextSpan


@dataclass(frozen=True, slots=True)
class ReadListing:
    """A listing with what was read from it; `disguised` holds spans of names or contacts written to be missed."""

    listing: Listing
    language: str
    mentions: tuple[Mention, ...]
    offers: tuple[Offer, ...]
    contacts: tuple[Contact, ...]
    disguised: tuple[TextSpan, ...] = ()

    def has(self, category: str, *concepts: str) -> bool:
        """Does any mention carry one of these concepts (or, with none given, this category)?"""
        return any(m.category == category and (not concepts or m.concept in concepts) for m in self.mentions)
