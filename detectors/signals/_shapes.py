"""What signals ask about a listing's offers, said once."""

from collections.abc import Iterator

from detectors.signal import SignalContext
from domain.comparison import Share
from domain.finding import PricedOffer
from domain.offer import OfferKind

METERED = frozenset({OfferKind.METERED_TOKENS, OfferKind.CREDIT_TOPUP, OfferKind.PER_CALL, OfferKind.UNLIMITED_PLAN})


def shares(context: SignalContext) -> Iterator[tuple[PricedOffer, Share]]:
    """Every offer of access whose share is confirmed and not the provider's own price."""
    for priced in context.shape.access:
        if priced.comparison.share is not None:
            yield priced, priced.comparison.share
