"""Identity check passed for others: someone else's face, document or telephone passes the provider's check."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.identity_check_bypass",
    "risk_phrase.identity_bypass",
    title="Identity check passed for others",
    explains="Someone else's face, document or telephone passes the provider's check.",
)
