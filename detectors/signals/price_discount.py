"""A price clearly below the provider's, though not absurdly so."""

from collections.abc import Iterator
from decimal import Decimal

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._shapes import shares
from detectors.signals.price_deep_discount import DEEP

CLEAR = Decimal("0.90")


def _find(context: SignalContext) -> Iterator[Observation]:
    for priced, share in shares(context):
        if DEEP <= share.best < CLEAR:
            yield Observation(f"Costs {share.best:.0%} of the official price", priced.offer.span)
            return


SIGNAL = SignalRule(
    "price.discount",
    "Below the official price",
    "Resold plans and relays often cost between a third and nine tenths of the official price.",
    _find,
)
