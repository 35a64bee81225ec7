"""Reading a listing: title and text folded, words found, offers and contacts read; a pure function."""

from collections.abc import Iterator

from detectors.reading.contacts import find_contacts
from detectors.reading.field import Field, read_field
from detectors.reading.language import SAMPLE, language_of
from detectors.reading.lexicon import Lexicon
from detectors.reading.lexicon.words import DISGUISED
from detectors.reading.offers import read_offers
from detectors.reading.passage import read_passage
from detectors.reading.result import Mention, ReadListing
from domain.listing import Listing
from domain.offer import TextSpan


def read_listing(listing: Listing, lexicon: Lexicon) -> ReadListing:
    """What the listing's title and text say: words of the lexicon, offers, contacts, disguises."""
    title, text = read_field("title", listing.title, lexicon), read_field("text", listing.text, lexicon)
    language = listing.language or language_of(
        f"{listing.title} {listing.text[:SAMPLE]}", f"{title.text} {text.text[:SAMPLE]}"
    )
    passages = read_passage(title, language), read_passage(text, language)
    return ReadListing(
        listing=listing,
        language=language,
        mentions=(*_mentions(title), *_mentions(text)),
        offers=read_offers(listing, *passages),
        contacts=(*find_contacts(title), *find_contacts(text)),
        disguised=(*_disguised(title), *_disguised(text)),
        folded_title=title.text,
        folded_text=text.text,
    )


def _mentions(field: Field) -> Iterator[Mention]:
    name, original, place, new = field.name, field.original, field.folded.original, tuple.__new__
    moved = field.folded.moved
    for start, end, meaning in field.hits:
        if moved:
            start, end = place(start, end)
        surface = original[start:end]
        for word in meaning.words:
            yield new(Mention, (word.category, word.concept, surface, name, start, end))


def _disguised(field: Field) -> Iterator[TextSpan]:
    for start, end in field.folded.unmasked:
        yield field.span(start, end)
    for hit in field.hits_of(DISGUISED):
        yield field.span(hit.start, hit.end)
