"""A provider's announcement: news of what a provider charges or changes is no offer."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.official_news",
    "benign_phrase.official_news",
    title="A provider's announcement",
    explains="News of what a provider charges or changes is no offer.",
)
