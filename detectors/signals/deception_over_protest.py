"""Protests too much."""

from detectors.signals._words import said

SIGNAL = said(
    "deception.over_protest",
    "risk.over_protest",
    "risk.model_swap_denial",
    title="Protests too much",
    explains="Guarantees that the model is genuine are part of this trade's manner; alone they prove nothing.",
    alone=False,
)
