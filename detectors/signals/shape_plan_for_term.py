"""A plan for a term: so many days, months or a year of it."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from domain.offer import OfferKind

PLANS = frozenset({OfferKind.SUBSCRIPTION_ACCOUNT, OfferKind.ACTIVATION_SERVICE, OfferKind.SHARED_SEAT})


def _find(context: SignalContext) -> Iterator[Observation]:
    for priced in context.shape.access:
        days = priced.offer.period_days
        if days is not None and priced.offer.kind in PLANS:
            yield Observation(f"{priced.offer.stated_product[:40]} for {days} days", priced.offer.span)
            return


SIGNAL = SignalRule(
    "shape.plan_for_term",
    "A plan for a term",
    "Sellers sell terms; people who talk of a plan seldom name one.",
    _find,
)
