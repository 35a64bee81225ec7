"""Promises against bans: says that bans will not reach the buyer, or will be replaced."""

from detectors.signals._words import said

SIGNAL = said(
    "evasion.ban_promise",
    "risk_phrase.anti_ban",
    title="Promises against bans",
    explains="Says that bans will not reach the buyer, or will be replaced.",
)
