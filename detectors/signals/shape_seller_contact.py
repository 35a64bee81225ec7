"""A way to reach the seller stands in the text."""

from collections.abc import Iterator

from detectors.authorisation import ADDRESSES
from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._words import ALONE


def _find(context: SignalContext) -> Iterator[Observation]:
    for contact in context.read.contacts:
        if contact.role == "seller" and contact.kind not in ADDRESSES:
            strength = 1.0 if context.shape.offers else ALONE
            yield Observation(f"Gives a contact ({contact.kind})", contact.span, strength)
            return


SIGNAL = SignalRule(
    "shape.seller_contact",
    "Gives a seller's contact",
    "A contact is part of an offer's shape; alone it proves nothing.",
    _find,
)
