"""Subscriptions: the price of a plan for a term, a seat or an account, against the provider's own price for it."""

from datetime import date
from decimal import Decimal

from detectors.pricing.money import in_dollars
from domain.comparison import Comparison, Refusal, Share
from domain.offer import Offer, Unit
from rates.book import RateBook
from rates.catalogue import ProductKind

MONTH_DAYS = Decimal(30)
TERM_UNSAID = "no term said: taken as one month"


def compare_plan(offer: Offer, rates: RateBook, on: date) -> Comparison:
    """Share = price in dollars / (official monthly price x months), a shared seat against the whole plan."""
    if offer.price is None:
        return Comparison(None, Refusal.NO_PRICE, None, offer.assumptions)
    price = in_dollars(offer.price, rates, on)
    assumptions = (*offer.assumptions, *price.assumptions)
    if price.usd is None:
        return Comparison(None, price.refusal, None, assumptions)
    product = rates.product(offer.product) if offer.product is not None else None
    if product is None or product.kind is not ProductKind.PLAN:
        return Comparison(None, Refusal.MODEL_UNKNOWN, None, assumptions)
    official = rates.find(product.id, on, Unit.PER_PERIOD)
    if official is None or official.price.amount <= 0:
        return Comparison(None, Refusal.UNIT_UNKNOWN, None, assumptions)
    official_days = Decimal(official.period_days or 30)
    days = Decimal(offer.period_days) if offer.period_days else MONTH_DAYS
    if not offer.period_days:
        assumptions = (*assumptions, TERM_UNSAID)
    official_usd = in_dollars(official.price, rates, on)
    if official_usd.usd is None:
        return Comparison(None, official_usd.refusal, official, (*assumptions, *official_usd.assumptions))
    best = price.usd / offer.quantity / (official_usd.usd * days / official_days)
    return Comparison(Share(best, best, best), None, official, assumptions)
