"""Prepaid credit: what one dollar of official use costs, times the multiplier at which the relay bills it."""

from datetime import date
from decimal import Decimal

from detectors.pricing.money import in_dollars
from domain.comparison import Comparison, Refusal, Share
from domain.offer import Offer
from rates.book import RateBook

AT_LIST_PRICE = "one dollar of credit taken as one dollar at the official price"
PARTLY_USED = "the least it can cost: as if every cap were used up"


def compare_credit(offer: Offer, rates: RateBook, on: date) -> Comparison:
    """Share = price in dollars / dollars of credit x multiplier."""
    if offer.quantity <= 0:
        return Comparison(None, Refusal.OPAQUE_CREDIT, None, offer.assumptions)
    if offer.price is None and offer.multiplier is not None:
        return Comparison(None, Refusal.OPAQUE_CREDIT, None, offer.assumptions)
    price = in_dollars(offer.price, rates, on)
    if price.usd is None:
        return Comparison(None, price.refusal, None, (*offer.assumptions, *price.assumptions))
    best = price.usd / offer.quantity * (Decimal(1) if offer.multiplier is None else offer.multiplier)
    high = max(best, Decimal(1)) if offer.at_least else best
    assumptions = (*offer.assumptions, *price.assumptions, AT_LIST_PRICE)
    return Comparison(Share(best, best, high), None, None, assumptions)
