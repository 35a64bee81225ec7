"""Every product on offer has open weights: anyone may host those."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from domain.finding import Authorisation


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.authorisation is Authorisation.NOT_NEEDED:
        yield Observation("Only models with open weights are named")


SIGNAL = SignalRule(
    "benign.open_weights_only",
    "Only open weights",
    "Anyone may host a model whose weights are open, at any price.",
    _find,
)
