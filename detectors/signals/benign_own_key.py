"""A key of one's own: the user brings his own key, so that no access is sold."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.own_key",
    "benign_phrase.own_key",
    title="A key of one's own",
    explains="The user brings his own key, so that no access is sold.",
)
