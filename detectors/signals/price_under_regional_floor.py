"""A plan for less than in the cheapest country where its provider sells it."""

from collections.abc import Iterator
from decimal import Decimal

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._shapes import shares
from domain.errors import UndercutError
from domain.offer import OfferKind
from domain.rate import Rate

SLACK = Decimal("0.97")
"""Currencies move a little between the floor's day and the offer's."""


def _find(context: SignalContext) -> Iterator[Observation]:
    on = context.read.listing.observed_at.date()
    for priced, share in shares(context):
        official, product = priced.comparison.official, priced.offer.product
        if official is None or product is None or priced.offer.kind is OfferKind.SHARED_SEAT:
            continue
        floor = context.rates.regional_floor(product, on)
        monthly = _monthly_usd(official, context)
        if floor is not None and monthly is not None and share.high * monthly < floor.price.amount * SLACK:
            reason = f"Less than {floor.price.amount:.2f} {floor.price.currency} a month, the lowest official price"
            yield Observation(f"{reason} (in {floor.region})", priced.offer.span)
            return


def _monthly_usd(official: Rate, context: SignalContext) -> Decimal | None:
    """What the official row costs for thirty days, in dollars."""
    if official.period_days is None:
        return None
    try:
        usd = context.rates.to_usd(official.price, context.read.listing.observed_at.date()).usd
    except UndercutError:
        return None
    return usd * 30 / official.period_days


SIGNAL = SignalRule(
    "price.under_regional_floor",
    "Under the lowest regional price",
    "What costs less than in any country where it is sold cannot have been bought there and passed on.",
    _find,
)
