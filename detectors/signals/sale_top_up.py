"""Credit bought in advance: credit, balance or redeem codes are spoken of."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.top_up",
    "sale_phrase.top_up",
    title="Credit bought in advance",
    explains="Credit, balance or redeem codes are spoken of.",
)
