"""A provider's education offer: the provider itself gives places to students or schools."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.education",
    "benign_phrase.education",
    title="A provider's education offer",
    explains="The provider itself gives places to students or schools.",
)
