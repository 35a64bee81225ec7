"""A price at or above the provider's, but not its own: somebody charges for standing in between."""

from collections.abc import Iterator

from detectors.shape import is_official_price
from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._shapes import shares
from detectors.signals.price_discount import CLEAR


def _find(context: SignalContext) -> Iterator[Observation]:
    for priced, share in shares(context):
        if share.best >= CLEAR and not is_official_price(priced):
            yield Observation(f"Costs {share.best:.0%} of the official price", priced.offer.span)
            return


SIGNAL = SignalRule(
    "price.at_or_above_official",
    "About the official price or more",
    "Activation on the buyer's own account is often dearer than the provider; it is resale too, of a mild kind.",
    _find,
)
