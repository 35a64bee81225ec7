"""Names or contacts written so that a filter misses them."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    contacts = {contact.span for contact in context.read.contacts}
    for span in context.read.disguised:
        if span not in contacts:
            yield Observation("A name is written to be missed", span)
            return


SIGNAL = SignalRule(
    "evasion.disguised_names",
    "Disguised names",
    "People who hide a product's name from filters know that they may not sell it; typing errors happen too.",
    _find,
)
