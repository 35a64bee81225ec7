"""Quotes official prices: quotes what the provider itself charges."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.official_price",
    "benign_phrase.official_price",
    title="Quotes official prices",
    explains="Quotes what the provider itself charges.",
)
