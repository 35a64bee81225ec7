"""Free access for anybody: access is given away that somebody else pays for."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.free_pool",
    "kind.free_pool",
    title="Free access for anybody",
    explains="Access is given away that somebody else pays for.",
)
