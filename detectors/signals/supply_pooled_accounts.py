"""Pooled accounts."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.pooled_accounts",
    "risk_phrase.pooled_accounts",
    title="Pooled accounts",
    explains=(
        "Many subscriptions or keys stand behind one address and are shared out to buyers, which hides who uses them."
    ),
)
