"""Takes the buyer elsewhere: the deal is moved to a private channel; alone that proves nothing."""

from detectors.signals._words import said

SIGNAL = said(
    "trade.off_platform_contact",
    "risk_phrase.off_platform_contact",
    title="Takes the buyer elsewhere",
    explains="The deal is moved to a private channel; alone that proves nothing.",
    alone=False,
)
