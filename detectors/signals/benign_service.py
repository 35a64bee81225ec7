"""Work for hire: sells work, not access."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.service",
    "benign_phrase.service",
    title="Work for hire",
    explains="Sells work, not access.",
)
