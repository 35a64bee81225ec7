"""Protests too much."""

from detectors.signals._words import said

SIGNAL = said(
    "deception.over_protest",
    "risk_phrase.over_protest",
    title="Protests too much",
    explains="Guarantees that the model is genuine are part of this trade's manner; alone they prove nothing.",
    alone=False,
)
