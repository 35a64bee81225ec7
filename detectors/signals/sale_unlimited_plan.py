"""A flat rate for a term: day, week and month cards are how relays sell quota."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.unlimited_plan",
    "kind.unlimited_plan",
    title="A flat rate for a term",
    explains="Day, week and month cards are how relays sell quota.",
)
