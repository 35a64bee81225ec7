"""Sells in quantity: quantities and prices for sellers point to a place further up the chain."""

from detectors.signals._words import said

SIGNAL = said(
    "trade.wholesale",
    "risk_phrase.wholesale",
    title="Sells in quantity",
    explains="Quantities and prices for sellers point to a place further up the chain.",
)
