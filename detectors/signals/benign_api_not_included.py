"""A plan without the interface."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.api_not_included",
    "benign_phrase.api_not_included",
    title="A plan without the interface",
    explains="Explains that a subscription does not include the interface; people who sell access do not.",
)
