"""A way to reach the seller stands in the text."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    for contact in context.read.contacts:
        if contact.role == "seller":
            yield Observation(f"Gives a contact ({contact.kind})", contact.span)
            return


SIGNAL = SignalRule(
    "shape.seller_contact",
    "Gives a seller's contact",
    "A contact is part of an offer's shape; alone it proves nothing.",
    _find,
)
