"""News: reports what happened."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.news",
    "benign_phrase.news",
    title="News",
    explains="Reports what happened.",
)
