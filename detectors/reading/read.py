"""Reading a listing: title and text folded, words found, offers and contacts read; a pure function."""

from detectors.reading.contacts import find_contacts
from detectors.reading.field import read_field
from detectors.reading.language import SAMPLE, language_of
from detectors.reading.lexicon import Lexicon
from detectors.reading.offers import read_offers
from detectors.reading.passage import read_passage
from detectors.reading.result import ReadListing
from domain.listing import Listing


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
        offers=read_offers(listing, *passages),
        contacts=(*find_contacts(title), *find_contacts(text)),
        fields=(title, text),
    )
