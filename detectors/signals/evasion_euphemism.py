"""A euphemism: words are put in place of what is sold."""

from detectors.signals._words import said

SIGNAL = said(
    "evasion.euphemism",
    "risk_phrase.euphemism",
    title="A euphemism",
    explains="Words are put in place of what is sold.",
)
