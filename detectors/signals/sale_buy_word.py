"""Words of buying: the text speaks of buying or selling."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.buy_word",
    "sale.buy",
    title="Words of buying",
    explains="The text speaks of buying or selling.",
)
