"""The seller's own number: a share of the official price, claimed in the text."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for priced in context.shape.access:
        claimed = priced.offer.claimed_share
        if claimed is not None and claimed < 1:
            yield Observation(f"Claims {claimed:.0%} of the official price", priced.offer.span)
            return


SIGNAL = SignalRule(
    "shape.claims_discount",
    "Claims a share of the official price",
    "Who names a share of the official price offers something in its place.",
    _find,
)
