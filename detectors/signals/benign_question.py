"""A question: asks instead of offering."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.question",
    "phrase.question",
    title="A question",
    explains="Asks instead of offering.",
)
