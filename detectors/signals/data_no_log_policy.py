"""Careless with logs: what passes through is kept without a stated end."""

from detectors.signals._words import said

SIGNAL = said(
    "data.no_log_policy",
    "risk_phrase.careless_logs",
    title="Careless with logs",
    explains="What passes through is kept without a stated end.",
)
