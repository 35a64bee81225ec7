"""Research: reports on the trade instead of trading."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.research",
    "benign_phrase.research",
    title="Research",
    explains="Reports on the trade instead of trading.",
)
