"""Where only the seller's word stands (`35 折`, `90% off`): the share rests on it, and says so."""

from datetime import date
from decimal import Decimal

from domain.comparison import Comparison, Refusal, Share
from domain.offer import Offer
from rates.book import RateBook

ON_A_CLAIM = "rests on the seller's own claim, which names no price"
BEST_CASE = "the seller's best case: other goods of the offer may cost more"


def compare_claim(offer: Offer, rates: RateBook, on: date) -> Comparison:
    """The claim as the share; where it is a best case, the interval reaches up to the full price."""
    del rates, on
    claim = offer.claimed_share
    if claim is None or claim < 0:
        return Comparison(None, Refusal.NO_PRICE, None, offer.assumptions)
    if offer.at_least:
        return Comparison(
            Share(claim, claim, max(claim, Decimal(1))), None, None, (*offer.assumptions, ON_A_CLAIM, BEST_CASE)
        )
    return Comparison(Share(claim, claim, claim), None, None, (*offer.assumptions, ON_A_CLAIM))
