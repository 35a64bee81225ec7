"""Shared keys or logins: one key or login is handed to everybody, which its provider's terms forbid."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.shared_keys",
    "risk_phrase.shared_key",
    title="Shared keys or logins",
    explains="One key or login is handed to everybody, which its provider's terms forbid.",
)
