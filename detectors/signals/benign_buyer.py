"""Wants to buy: the writer looks for a seller."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.buyer",
    "benign_phrase.buyer",
    title="Wants to buy",
    explains="The writer looks for a seller.",
)
