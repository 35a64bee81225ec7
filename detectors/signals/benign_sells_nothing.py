"""Says that it sells nothing: the text says in so many words that nothing is sold."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.sells_nothing",
    "benign_phrase.sells_nothing",
    title="Says that it sells nothing",
    explains="The text says in so many words that nothing is sold.",
)
