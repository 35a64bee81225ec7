"""An offer with a price, or with a share of the official price that the seller claims."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for priced in context.shape.asking:
        yield Observation(f"Asks a price for {priced.offer.stated_product[:40]}", priced.offer.span)
        return


SIGNAL = SignalRule(
    "shape.priced_offer",
    "An offer with a price",
    "A price that is not simply the provider's own stands beside a thing for sale.",
    _find,
)
