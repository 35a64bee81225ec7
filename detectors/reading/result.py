"""What reading a listing yields; pricing and signals look at this and at nothing else of the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from detectors.reading.field import Field
from detectors.reading.lexicon.words import DISGUISED, Meaning
from domain.finding import Contact
from domain.listing import Listing
from domain.offer import Offer, Span, TextSpan
from domain.values import quickly_made

Key = tuple[str, str]
"""Category (the lexicon's file: `product`, `kind`, `risk`, ...) and concept (`claude-pro`, `pooled_accounts`, ...)."""


class Mention(NamedTuple):
    """A place in a folded field that says something; how the original writes it is worked out only when asked for."""

    field: Field
    start: int
    end: int

    @property
    def surface(self) -> str:
        """How the original writes it."""
        return self.field.surface(self.start, self.end)

    @property
    def span(self) -> TextSpan:
        """The place in the original field."""
        return self.field.span(self.start, self.end)


@quickly_made
@dataclass(frozen=True, slots=True)
class ReadListing:
    """A listing with what was read from it; `fields` are its title and its text as they were matched."""

    listing: Listing
    language: str
    offers: tuple[Offer, ...]
    contacts: tuple[Contact, ...]
    fields: tuple[Field, ...] = ()

    @property
    def folded_title(self) -> str:
        """The title as it was matched: small letters, plain digits, disguises taken off; perhaps shorter."""
        return self.fields[0].text if self.fields else ""

    @property
    def folded_text(self) -> str:
        """The text as it was matched; spans never point into it."""
        return self.fields[1].text if self.fields else ""

    @property
    def disguised(self) -> Iterator[TextSpan]:
        """Places of names or contacts that are written to be missed."""
        for field in self.fields:
            for start, end in field.folded.unmasked:
                yield field.span(start, end)
            for hit in field.hits_of(DISGUISED):
                yield field.span(hit.start, hit.end)

    def is_disguised(self, span: Span) -> bool:
        """Is exactly this place written to be missed?"""
        return isinstance(span, TextSpan) and any(
            field.name == span.field and field.is_disguised(span) for field in self.fields
        )

    def first_words(self) -> dict[Key, Mention]:
        """The first word of the lexicon for every concept that the listing mentions, in order of the text."""
        first: dict[Key, Mention] = {}
        for field in self.fields:
            # A long text says the same few things again and again; each spelling is looked at once.
            starts, ends, meanings = field.words.starts, field.words.ends, field.words.meanings
            seen: set[Meaning] = set()
            for index, meaning in enumerate(meanings):
                if meaning in seen:
                    continue
                seen.add(meaning)
                mention = tuple.__new__(Mention, (field, starts[index], ends[index]))
                for key in meaning.said:
                    first.setdefault(key, mention)
        return first
