"""Where only the seller's word stands (`35 折`, `90% off`): the share rests on it, and says so."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.comparison import Comparison, Refusal, Share
from domain.offer import Offer, Unit
from rates.book import RateBook

ON_A_CLAIM = "rests on the seller's own claim, which names no price"
CONTRADICTED = "the prices beside the claim come to another share"
NEAR = Decimal("0.1")
"""A computed share farther from the claim than this part of it does not bear it out."""
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


def not_borne_out(offer: Offer, comparison: Comparison) -> bool:
    """Is the offer priced at another share than its seller claims?"""
    if offer.unit is Unit.PERCENT_OF_OFFICIAL or offer.claimed_share is None or comparison.share is None:
        return False
    return abs(comparison.share.best - offer.claimed_share) > offer.claimed_share * NEAR


def claim_of(offer: Offer) -> Offer:
    """What its seller says of the offer, as an offer apart: a reader sees both numbers and that they differ."""
    return replace(
        offer, price=None, unit=Unit.PERCENT_OF_OFFICIAL, quantity=Decimal(1), period_days=None, seats=None,
        assumptions=(CONTRADICTED,),
    )  # fmt: skip
