"""A job advert: offers or seeks work."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.job",
    "benign_phrase.job",
    title="A job advert",
    explains="Offers or seeks work.",
)
