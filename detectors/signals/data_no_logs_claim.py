"""Claims to keep nothing: a claim that no one can check."""

from detectors.signals._words import said

SIGNAL = said(
    "data.no_logs_claim",
    "risk_phrase.no_logs",
    title="Claims to keep nothing",
    explains="A claim that no one can check.",
    alone=False,
)
