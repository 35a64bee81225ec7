"""A seller's warranty: a warranty of days or first login comes from a seller, never from the provider."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.warranty",
    "sale_phrase.warranty",
    "delivery.warranty",
    title="A seller's warranty",
    explains="A warranty of days or first login comes from a seller, never from the provider.",
)
