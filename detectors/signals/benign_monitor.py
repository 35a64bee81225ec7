"""Watches or tests relays: tests and lists sellers without selling."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.monitor",
    "benign_phrase.monitor",
    title="Watches or tests relays",
    explains="Tests and lists sellers without selling.",
)
