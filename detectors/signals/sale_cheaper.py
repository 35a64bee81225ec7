"""Cheaper than the provider: the text compares its price with the provider's and is cheaper."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.cheaper",
    "sale_phrase.cheaper",
    title="Cheaper than the provider",
    explains="The text compares its price with the provider's and is cheaper.",
)
