"""One offer against the official price: which comparison its unit asks for."""

from collections.abc import Callable, Mapping
from datetime import date

from detectors.pricing.claims import compare_claim
from detectors.pricing.credit import compare_credit
from detectors.pricing.plans import compare_plan
from detectors.pricing.tokens import compare_tokens
from domain.comparison import Comparison, Refusal
from domain.offer import Offer, Unit
from rates.book import RateBook

Comparing = Callable[[Offer, RateBook, date], Comparison]

_BY_UNIT: Mapping[Unit, Comparing] = {
    Unit.PER_MTOK_IN: compare_tokens,
    Unit.PER_MTOK_OUT: compare_tokens,
    Unit.PER_MTOK_CACHE_READ: compare_tokens,
    Unit.PER_MTOK_CACHE_WRITE: compare_tokens,
    Unit.PER_MTOK: compare_tokens,
    Unit.PER_CALL: compare_tokens,
    Unit.PER_USD_CREDIT: compare_credit,
    Unit.PER_PERIOD: compare_plan,
    Unit.PER_ACCOUNT: compare_plan,
    Unit.PER_SEAT_PERIOD: compare_plan,
    Unit.PER_ITEM: compare_plan,
    Unit.PERCENT_OF_OFFICIAL: compare_claim,
}


def compare(offer: Offer, rates: RateBook, on: date) -> Comparison:
    """The offer's share of the official price on that day, or the refusal that says why there is none."""
    if offer.unit is None:
        refusal = Refusal.NO_PRICE if offer.price is None else Refusal.UNIT_UNKNOWN
        return Comparison(None, refusal, None, offer.assumptions)
    return _BY_UNIT[offer.unit](offer, rates, on)
