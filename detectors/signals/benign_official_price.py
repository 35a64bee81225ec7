"""Quotes official prices: quotes what the provider itself charges."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.official_price",
    "phrase.official_price",
    title="Quotes official prices",
    explains="Quotes what the provider itself charges.",
)
