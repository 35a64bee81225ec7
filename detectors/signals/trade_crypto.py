"""Paid in coins: coins are taken; how one pays proves nothing alone."""

from detectors.signals._words import said

SIGNAL = said(
    "trade.crypto",
    "risk_phrase.crypto",
    title="Paid in coins",
    explains="Coins are taken; how one pays proves nothing alone.",
    alone=False,
)
