"""Leaked keys: the keys on offer were found or lifted from somebody who pays for them."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.leaked_keys",
    "risk_phrase.leaked_keys",
    title="Leaked keys",
    explains="The keys on offer were found or lifted from somebody who pays for them.",
)
