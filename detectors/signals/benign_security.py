"""A security disclosure: reports a leak or theft."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.security",
    "benign_phrase.security",
    title="A security disclosure",
    explains="Reports a leak or theft.",
)
