"""A provider's promotion: a promotion of the provider or of a carrier it works with."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.retention",
    "benign_phrase.retention",
    title="A provider's promotion",
    explains="A promotion of the provider or of a carrier it works with.",
)
