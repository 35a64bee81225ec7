"""Reading a listing: title and text folded, words found, offers and contacts read; a pure function."""

from collections.abc import Iterable

from detectors.reading.lexicon import Lexicon
from detectors.reading.lexicon.words import Hit
from detectors.reading.normalise import Folded, fold
from detectors.reading.result import Mention, ReadListing
from domain.listing import Listing
from domain.offer import TextSpan


def read_listing(listing: Listing, lexicon: Lexicon) -> ReadListing:
    """What the listing's title and text say: words of the lexicon, offers, contacts, disguises."""
    mentions: list[Mention] = []
    disguised: list[TextSpan] = []
    folded_fields: list[str] = []
    for field, original in (("title", listing.title), ("text", listing.text)):
        folded = fold(original)
        hits = lexicon.find(folded.text)
        mentions.extend(_mentions(field, original, folded, hits, disguised))
        folded_fields.append(folded.text)
    return ReadListing(
        listing=listing,
        language=listing.language or "und",
        mentions=tuple(mentions),
        offers=(),
        contacts=(),
        disguised=tuple(disguised),
        folded_title=folded_fields[0],
        folded_text=folded_fields[1],
    )


def _mentions(
    field: str, original: str, folded: Folded, hits: Iterable[Hit], disguised: list[TextSpan]
) -> Iterable[Mention]:
    for start, end, meanings in hits:
        first, last = folded.original(start, end)
        surface = original[first:last]
        if meanings[0].disguised:
            disguised.append(TextSpan(field, first, last))
        for word in meanings:
            yield Mention(word.category, word.concept, surface, field, first, last)
