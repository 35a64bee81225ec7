"""Accounts by the dozen: accounts are sold in numbers."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.bulk_accounts",
    "kind.bulk_accounts",
    title="Accounts by the dozen",
    explains="Accounts are sold in numbers.",
)
