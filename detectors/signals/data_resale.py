"""Sells what passes through: conversations of buyers are themselves the goods."""

from detectors.signals._words import said

SIGNAL = said(
    "data.resale",
    "risk_phrase.data_resale",
    title="Sells what passes through",
    explains="Conversations of buyers are themselves the goods.",
)
