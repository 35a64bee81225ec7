"""Every price in the text is the provider's own."""

from collections.abc import Iterator

from detectors.shape import is_official_price
from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    official = [one for one in context.priced if is_official_price(one)]
    if official and not context.shape.asking:
        yield Observation("Every price that can be told is the provider's own", official[0].offer.span)


SIGNAL = SignalRule(
    "benign.official_price_only",
    "Only official prices",
    "A text whose every price is the provider's own, in its own currency, reports or reckons and does not sell.",
    _find,
)
