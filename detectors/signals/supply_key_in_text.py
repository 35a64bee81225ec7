"""A key itself stands in the text (masked here): it is handed out or was leaked."""

from collections.abc import Iterator

from detectors.indicators import masked_keys
from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for digest, span in masked_keys(context.read.listing.text):
        yield Observation(f"A key stands in the text (sha256 {digest})", span)
        return


SIGNAL = SignalRule(
    "supply.key_in_text",
    "A key in the text",
    "Whoever reads the text can use somebody's key; its digest is kept, never the key.",
    _find,
)
