"""A subscription of one's own: the user or owner uses the subscription that he pays for."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.own_subscription",
    "benign_phrase.own_subscription",
    title="A subscription of one's own",
    explains="The user or owner uses the subscription that he pays for.",
)
