"""A price list: three or more things with prices of their own."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

SEVERAL = 3


def _find(context: SignalContext) -> Iterator[Observation]:
    asking = context.shape.asking
    if len(asking) >= SEVERAL:
        yield Observation(f"{len(asking)} things with prices", asking[0].offer.span)


SIGNAL = SignalRule(
    "shape.several_offers",
    "A list of things with prices",
    "Sellers list; people who talk of a product rarely put a price beside three.",
    _find,
)
