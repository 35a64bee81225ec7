"""A question: asks instead of offering."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.question",
    "benign_phrase.question",
    title="A question",
    explains="Asks instead of offering.",
)
