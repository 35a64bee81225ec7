"""A row of a shop's catalogue: a price under a key of its own, beside a plan or model."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.shape.catalogue_row:
        yield Observation("A priced row of a catalogue")


SIGNAL = SignalRule(
    "shape.catalogue_row",
    "A row of a shop's catalogue",
    "Shops keep goods as rows: a name, a price, and stock, delivery or a former price beside it.",
    _find,
)
