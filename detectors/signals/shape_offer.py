"""An offer could be read at all: a kind of access to a closed model or plan."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

WITHOUT_PRICE = 0.6


def _find(context: SignalContext) -> Iterator[Observation]:
    asking = context.shape.asking
    for priced in asking or context.shape.access:
        kind = priced.offer.kind.value.replace("_", " ")
        yield Observation(f"Reads as {kind}", priced.offer.span, 1.0 if asking else WITHOUT_PRICE)
        return


SIGNAL = SignalRule(
    "shape.offer",
    "Reads as an offer",
    "The reader of offers found a thing for sale in the text.",
    _find,
)
