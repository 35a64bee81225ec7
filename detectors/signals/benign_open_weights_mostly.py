"""Most of what is on offer has open weights, and nothing closed has a price."""

from collections.abc import Iterator

from detectors.shape import is_open
from detectors.signal import Observation, SignalContext, SignalRule

MOSTLY = 0.7


def _find(context: SignalContext) -> Iterator[Observation]:
    opened = [one for one in context.priced if is_open(one, context.rates)]
    if len(opened) >= MOSTLY * len(context.priced) > 0 and not context.shape.asking:
        yield Observation(f"{len(opened)} of {len(context.priced)} offers are of open weights", opened[0].offer.span)


SIGNAL = SignalRule(
    "benign.open_weights_mostly",
    "Mostly open weights",
    "A host of open models names a closed one to compare itself with.",
    _find,
)
