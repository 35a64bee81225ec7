"""Usage for a twentieth of its price or less: no honest purchase of it costs so little."""

from collections.abc import Iterator
from decimal import Decimal

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._shapes import METERED, shares

COST = Decimal("0.05")


def _find(context: SignalContext) -> Iterator[Observation]:
    for priced, share in shares(context):
        if priced.offer.kind in METERED and 0 < share.best < COST:
            yield Observation(f"Usage at {share.best:.1%} of the official price", priced.offer.span)
            return


SIGNAL = SignalRule(
    "price.under_cost",
    "Under any cost of supply",
    "Even a plan used to its limit costs more than a twentieth of the list price of what it yields.",
    _find,
)
