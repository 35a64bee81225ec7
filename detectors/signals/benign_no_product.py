"""No model, plan or maker of models is named, and nothing that opens a way to one."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    if not context.shape.names_product:
        yield Observation("Names no model or plan")


SIGNAL = SignalRule(
    "benign.no_product",
    "Names no product",
    "Without a model or plan there is no access to resell.",
    _find,
)
