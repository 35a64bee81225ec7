"""Documentation: describes parameters and answers of an interface."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.documentation",
    "benign_phrase.documentation",
    title="Documentation",
    explains="Describes parameters and answers of an interface.",
)
