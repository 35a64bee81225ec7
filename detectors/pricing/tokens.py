"""Metered use: the price of a million tokens (or of a call) against the model's official price in that direction."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from detectors.pricing.money import in_dollars
from domain.comparison import Comparison, Refusal, Share
from domain.offer import Offer, Unit
from domain.rate import Rate
from rates.book import RateBook
from rates.catalogue import ProductKind

STANDARD = "standard"
LONG_CONTEXT = "long_context"
OFF_PEAK = "high against the provider's own price at off-peak hours"
DIRECTION_UNSAID = "input or output not said: best against the input price, low against the output price"


def compare_tokens(offer: Offer, rates: RateBook, on: date) -> Comparison:
    """Share = price in dollars / official price of the same unit, tier and day."""
    if offer.unit is None:
        return Comparison(None, Refusal.UNIT_UNKNOWN, None, offer.assumptions)
    price = in_dollars(offer.price, rates, on)
    if price.usd is None:
        return Comparison(None, price.refusal, None, (*offer.assumptions, *price.assumptions))
    assumptions = (*offer.assumptions, *price.assumptions)
    product = rates.product(offer.product) if offer.product is not None else None
    if product is None or product.kind is not ProductKind.MODEL:
        return Comparison(None, Refusal.MODEL_UNKNOWN, None, assumptions)
    unit = Unit.PER_MTOK_IN if offer.unit is Unit.PER_MTOK else offer.unit
    official, tier_assumption = official_rate(product.id, unit, tier_of(offer), rates, on)
    if official is None or official.price.amount <= 0:
        return Comparison(None, Refusal.UNIT_UNKNOWN, None, assumptions)
    assumptions = (*assumptions, *tier_assumption)
    official_usd = in_dollars(official.price, rates, on)
    if official_usd.usd is None:
        return Comparison(None, official_usd.refusal, official, (*assumptions, *official_usd.assumptions))
    if offer.quantity <= 0:
        return Comparison(None, Refusal.UNIT_UNKNOWN, official, assumptions)
    best = price.usd / offer.quantity / official_usd.usd
    bounds = list(_bounds(offer, product.id, best, official, rates, on))
    values = [best, *(value for value, _ in bounds)]
    said = (*assumptions, *(why for _, why in bounds))
    return Comparison(Share(min(values), best, max(values)), None, official, said)


def tier_of(offer: Offer) -> str:
    """The official tier to compare with: a price for requests over so many tokens is one for long contexts."""
    tier = offer.conditions.get("tier", STANDARD)
    if tier.startswith(">"):
        return LONG_CONTEXT
    return STANDARD if tier.startswith("<") else tier


def _bounds(
    offer: Offer, product: str, best: Decimal, official: Rate, rates: RateBook, on: date
) -> Iterator[tuple[Decimal, str]]:
    """What the share can also be, with the reason: a direction not said, cheaper hours."""
    if offer.unit is Unit.PER_MTOK:
        output, _ = official_rate(product, Unit.PER_MTOK_OUT, STANDARD, rates, on)
        if output is not None and output.price.amount > official.price.amount:
            yield best * official.price.amount / output.price.amount, DIRECTION_UNSAID
    elif official.tier == STANDARD:
        off_peak = rates.find(product, on, offer.unit or Unit.PER_MTOK_IN, tier="off_peak")
        if off_peak is not None and 0 < off_peak.price.amount < official.price.amount:
            yield best * official.price.amount / off_peak.price.amount, OFF_PEAK


def official_rate(
    product: str, unit: Unit, tier: str, rates: RateBook, on: date
) -> tuple[Rate | None, tuple[str, ...]]:
    """The official row, falling back to the standard tier where the model has none of its own for `tier`."""
    found = rates.find(product, on, unit, tier=tier)
    if found is not None:
        return found, _validity(found)
    if tier == STANDARD:
        return None, ()
    standard = rates.find(product, on, unit)
    if standard is None:
        return None, ()
    return standard, (*_validity(standard), f"no official price of the tier {tier}; compared with the standard one")


def _validity(rate: Rate) -> tuple[str, ...]:
    return () if rate.valid_from is not None else ("validity of the official price unknown",)
