"""Accounts registered in bulk."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.bulk_registration",
    "risk_phrase.bulk_registration",
    title="Accounts registered in bulk",
    explains="Accounts made by the hundred, or the software that makes them, feed pools and fraud.",
)
