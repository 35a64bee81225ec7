"""Tutorial: explains how to do something oneself."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.tutorial",
    "benign_phrase.tutorial",
    title="Tutorial",
    explains="Explains how to do something oneself.",
)
