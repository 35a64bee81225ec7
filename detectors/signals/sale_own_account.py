"""On the buyer's own account: the seller pays for or upgrades an account that the buyer has."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.own_account",
    "sale_phrase.own_account",
    "delivery.own_account",
    title="On the buyer's own account",
    explains="The seller pays for or upgrades an account that the buyer has.",
)
