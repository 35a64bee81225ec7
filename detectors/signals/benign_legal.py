"""Terms or law: quotes terms, law or policy."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.legal",
    "benign_phrase.legal",
    title="Terms or law",
    explains="Quotes terms, law or policy.",
)
