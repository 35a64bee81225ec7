"""Payment links drawn for others."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.payment_links",
    "risk_phrase.payment_link",
    title="Payment links drawn for others",
    explains="A checkout of one region is handed to buyers elsewhere, often from stolen or tricked means of payment.",
)
