"""A relay's credit: credit, multipliers and cards as relays speak of them."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.relay_credit",
    "sale_phrase.relay_credit",
    title="A relay's credit",
    explains="Credit, multipliers and cards as relays speak of them.",
)
