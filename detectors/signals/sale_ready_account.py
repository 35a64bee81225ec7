"""A ready account: a finished account is on offer."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.ready_account",
    "sale_phrase.ready_account",
    title="A ready account",
    explains="A finished account is on offer.",
)
