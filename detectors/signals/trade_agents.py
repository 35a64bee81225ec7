"""Looks for agents: others are asked to sell on."""

from detectors.signals._words import said

SIGNAL = said(
    "trade.agents",
    "risk_phrase.agents",
    title="Looks for agents",
    explains="Others are asked to sell on.",
)
