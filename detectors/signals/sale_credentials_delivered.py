"""Login handed over: the buyer gets a login that somebody else made."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.credentials_delivered",
    "sale_phrase.credentials_delivered",
    "delivery.credentials",
    title="Login handed over",
    explains="The buyer gets a login that somebody else made.",
)
