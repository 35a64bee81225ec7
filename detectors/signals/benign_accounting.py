"""An expense: a line of an account, invoice or ledger."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.accounting",
    "benign_phrase.accounting",
    title="An expense",
    explains="A line of an account, invoice or ledger.",
)
