"""A payment processor: takes payments for others and sells no access."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.payment_processor",
    "benign_phrase.payment_processor",
    title="A payment processor",
    explains="Takes payments for others and sells no access.",
)
