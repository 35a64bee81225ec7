"""Software to run oneself: software that people run themselves sells no access."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.software",
    "benign_phrase.software",
    title="Software to run oneself",
    explains="Software that people run themselves sells no access.",
)
