"""A shared place: a place in an account with others is on offer."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.shared_place",
    "sale_phrase.shared_place",
    title="A shared place",
    explains="A place in an account with others is on offer.",
)
