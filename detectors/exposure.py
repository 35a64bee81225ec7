"""The official value of what is on offer: what the provider would charge for it, in US dollars."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from domain.errors import UndercutError
from domain.finding import Exposure, PricedOffer
from domain.listing import Reach
from domain.money import Money
from domain.offer import Unit
from rates.book import RateBook

CENT = Decimal("0.01")
PER_PLAN = frozenset({Unit.PER_PERIOD, Unit.PER_SEAT_PERIOD, Unit.PER_ACCOUNT, Unit.PER_ITEM})


def exposure_of(priced: Sequence[PricedOffer], reach: Reach, rates: RateBook, on: date) -> Exposure | None:
    """Stock (and what was sold) times the official value of one piece; None where either is not stated.

    The low end is the cheapest offer times what is left, the high end the dearest times what is left and what was sold.
    """
    left, sold = reach.stock, reach.sales
    if not left and not sold:
        return None
    values = [value for one in priced for value in _value_of_one(one, rates, on)]
    if not values:
        return None
    pieces = Decimal(left or 0) + Decimal(sold or 0)
    low = min(values) * Decimal(left if left else (sold or 0))
    return Exposure(Money(low.quantize(CENT), "USD"), Money((max(values) * pieces).quantize(CENT), "USD"))


def _value_of_one(one: PricedOffer, rates: RateBook, on: date) -> Iterator[Decimal]:
    """What the provider charges for one piece of the offer, in US dollars."""
    offer, official = one.offer, one.comparison.official
    if offer.unit is Unit.PER_USD_CREDIT:
        yield offer.quantity
        return
    if official is None or offer.unit not in PER_PLAN or official.period_days is None:
        return
    try:
        usd = rates.to_usd(official.price, on).usd
    except UndercutError:
        return
    periods = Decimal(offer.period_days or official.period_days) / Decimal(official.period_days)
    yield usd * periods * offer.quantity
