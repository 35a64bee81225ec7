"""A provider's free tier: what the provider gives away itself."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.free_tier",
    "benign_phrase.free_tier",
    title="A provider's free tier",
    explains="What the provider gives away itself.",
)
