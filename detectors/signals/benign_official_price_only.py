"""Every price in the text is the provider's own."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._shapes import is_official_price


def _find(context: SignalContext) -> Iterator[Observation]:
    with_price = [one for one in context.priced if one.offer.price is not None]
    if with_price and all(map(is_official_price, with_price)):
        yield Observation("Every price is the provider's own", with_price[0].offer.span)


SIGNAL = SignalRule(
    "benign.official_price_only",
    "Only official prices",
    "A text whose every price is the provider's own, in its own currency, reports or reckons and does not sell.",
    _find,
)
