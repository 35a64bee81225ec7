"""Access for nothing: paid models are given away, which somebody else's key or account pays for."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.free_access",
    "risk_phrase.free_access",
    title="Access for nothing",
    explains="Paid models are given away, which somebody else's key or account pays for.",
)
