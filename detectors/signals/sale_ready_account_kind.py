"""An account or subscription: an account or subscription is spoken of; whether it is for sale is told by the rest."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.ready_account_kind",
    "kind.subscription_account",
    title="An account or subscription",
    explains="An account or subscription is spoken of; whether it is for sale is told by the rest.",
)
