"""All models under one roof: one place for every maker's models is a gateway or a relay."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.everything",
    "claim.everything",
    title="All models under one roof",
    explains="One place for every maker's models is a gateway or a relay.",
    alone=False,
)
