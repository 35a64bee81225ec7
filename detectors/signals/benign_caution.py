"""A caution: tells how people were cheated and what to do about it."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.caution",
    "benign_phrase.caution",
    title="A caution",
    explains="Tells how people were cheated, or to report and not to pay; sellers do not.",
)
