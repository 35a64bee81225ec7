"""A way to order: the text tells how to order or pay at once."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.order_hook",
    "sale.order_hook",
    "sale.payment",
    title="A way to order",
    explains="The text tells how to order or pay at once.",
    alone=False,
)
