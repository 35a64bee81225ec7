"""One's own use: tells what the writer uses or pays himself."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.own_use",
    "benign_phrase.own_use",
    title="One's own use",
    explains="Tells what the writer uses or pays himself.",
)
