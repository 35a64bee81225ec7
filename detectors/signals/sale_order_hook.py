"""A way to order: the text tells how to order or pay at once."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.order_hook",
    "sale_phrase.order_hook",
    title="A way to order",
    explains="The text tells how to order or pay at once.",
    alone=False,
)
