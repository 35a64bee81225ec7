"""A warning: warns people against buying."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.warning",
    "benign_phrase.warning",
    title="A warning",
    explains="Warns people against buying.",
)
