"""Reckons a cost: reckons what one's own use will cost."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.cost_estimate",
    "benign_phrase.cost_estimate",
    title="Reckons a cost",
    explains="Reckons what one's own use will cost.",
)
