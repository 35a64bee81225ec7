"""What signals ask about a listing's offers, said once."""

from collections.abc import Iterator
from decimal import Decimal

from detectors.signal import SignalContext
from detectors.signals._names import names_product
from domain.comparison import Share
from domain.finding import PricedOffer
from domain.offer import OfferKind, Unit

SAME = Decimal("0.005")
"""Shares this near to one are the provider's own price, rounded."""

METERED = frozenset({OfferKind.METERED_TOKENS, OfferKind.CREDIT_TOPUP, OfferKind.PER_CALL, OfferKind.UNLIMITED_PLAN})


def shares(context: SignalContext) -> Iterator[tuple[PricedOffer, Share]]:
    """Every offer of access whose share is confirmed and not the provider's own price."""
    for priced in offers_of_access(context):
        share = priced.comparison.share
        if share is not None:
            yield priced, share


def hosted_by_anyone(context: SignalContext, priced: PricedOffer) -> bool:
    """Are the weights of the offer's model open?"""
    product = context.rates.product(priced.offer.product) if priced.offer.product is not None else None
    return product is not None and product.open_weights


def is_official_price(priced: PricedOffer) -> bool:
    """Does the offer state the provider's own price, in the provider's own currency?"""
    share, price, official = priced.comparison.share, priced.offer.price, priced.comparison.official
    if share is None or price is None or official is None or priced.offer.unit is Unit.PERCENT_OF_OFFICIAL:
        return False
    return abs(share.best - 1) <= SAME and price.currency == official.price.currency


def asks_a_price(priced: PricedOffer) -> bool:
    """Does the offer name a price or a share that is not simply the provider's own?"""
    offer = priced.offer
    if is_official_price(priced):
        return False
    return (offer.price is not None and offer.price.amount > 0) or offer.claimed_share is not None


def offers_of_access(context: SignalContext) -> tuple[PricedOffer, ...]:
    """Offers of closed models or plans, in a text that names one; a share of "the official price" of nothing is none."""
    if not names_product(context):
        return ()
    return tuple(one for one in context.priced if not is_official_price(one) and not hosted_by_anyone(context, one))


def asking_offers(context: SignalContext) -> tuple[PricedOffer, ...]:
    """Offers of access that ask a price.

    Beside prices that are the provider's own, an amount that could not be compared is taken for the provider's too.
    """
    asking = tuple(one for one in offers_of_access(context) if asks_a_price(one))
    if any(map(is_official_price, context.priced)) and all(one.comparison.share is None for one in asking):
        return ()
    return asking
