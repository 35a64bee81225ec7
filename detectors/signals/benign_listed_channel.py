"""The place is a channel that the provider, or the operator, lists."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from domain.finding import Authorisation


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.authorisation is Authorisation.LISTED:
        yield Observation("The place is a listed channel")


SIGNAL = SignalRule(
    "benign.listed_channel",
    "A listed channel",
    "A channel that stands in dated public lists, or in the operator's own, may sell.",
    _find,
)
