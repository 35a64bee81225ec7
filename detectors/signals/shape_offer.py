"""An offer could be read at all: a kind of access to a closed model or plan."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for priced in context.shape.access:
        yield Observation(f"Reads as {priced.offer.kind.value.replace('_', ' ')}", priced.offer.span)
        return


SIGNAL = SignalRule(
    "shape.offer",
    "Reads as an offer",
    "The reader of offers found a thing for sale in the text.",
    _find,
)
