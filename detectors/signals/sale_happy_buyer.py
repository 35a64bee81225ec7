"""A buyer's praise: somebody praises what a shop delivered."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.happy_buyer",
    "sale_phrase.happy_buyer",
    title="A buyer's praise",
    explains="Somebody praises what a shop delivered.",
)
