"""A comparison: compares products or prices without selling."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.comparison",
    "benign_phrase.price_comparison",
    title="A comparison",
    explains="Compares products or prices without selling.",
)
