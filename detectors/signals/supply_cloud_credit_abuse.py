"""Cloud or start-up credit passed on: promotional credit given to one customer is sold to another."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.cloud_credit_abuse",
    "risk_phrase.cloud_credit",
    title="Cloud or start-up credit passed on",
    explains="Promotional credit given to one customer is sold to another.",
)
