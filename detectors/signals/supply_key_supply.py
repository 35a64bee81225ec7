"""Keys bought up: keys or accounts are bought up to be sold on."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.key_supply",
    "risk_phrase.key_supply",
    title="Keys bought up",
    explains="Keys or accounts are bought up to be sold on.",
)
