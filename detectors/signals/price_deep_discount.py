"""A price far below the provider's: nothing that is openly sold explains it."""

from collections.abc import Iterator
from decimal import Decimal

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._shapes import shares

DEEP = Decimal("0.30")


def _find(context: SignalContext) -> Iterator[Observation]:
    found = [(share.best, priced) for priced, share in shares(context) if 0 < share.best < DEEP]
    if found:
        best, priced = min(found, key=lambda pair: pair[0])
        yield Observation(f"Costs {best:.1%} of the official price", priced.offer.span)


SIGNAL = SignalRule(
    "price.deep_discount",
    "Less than 30 percent of the official price",
    "Volume discounts and regional prices do not reach so far down for closed models.",
    _find,
)
