"""What each offer costs against the official price of that day: a share with its assumptions, or a named refusal."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from detectors.pricing.claims import claim_of, not_borne_out
from detectors.pricing.compare import compare
from detectors.pricing.stated import offer_of
from detectors.reading.result import ReadListing
from domain.comparison import Comparison
from domain.finding import PricedOffer
from rates.book import RateBook

__all__ = ["price_offers"]


def price_offers(read: ReadListing, rates: RateBook, on: date) -> tuple[PricedOffer, ...]:
    """Every offer of the listing with its comparison: those read from its text first, then the rows it states.

    `on` is the day whose official prices and currency rates count: the day of observation, or of posting for a
    message that is posted once.
    """
    return tuple(_priced(read, rates, on))


def _priced(read: ReadListing, rates: RateBook, on: date) -> Iterator[PricedOffer]:
    claimed: set[tuple[str | None, Decimal]] = set()
    for offer in read.offers:
        comparison = compare(offer, rates, on)
        yield PricedOffer(offer, comparison)
        claim = offer.claimed_share
        if claim is not None and not_borne_out(offer, comparison) and (offer.product, claim) not in claimed:
            claimed.add((offer.product, claim))
            apart = claim_of(offer)
            yield PricedOffer(apart, compare(apart, rates, on))
    for stated in read.listing.stated_offers:
        offer = offer_of(stated, rates)
        if stated.refusal is not None:
            yield PricedOffer(offer, Comparison(None, stated.refusal, None, stated.assumptions))
        else:
            yield PricedOffer(offer, compare(offer, rates, on))
