"""Delivered at once: delivery is instant or by itself, as card shops do it."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.instant_delivery",
    "sale_phrase.instant_delivery",
    "delivery.instant",
    "delivery.code",
    title="Delivered at once",
    explains="Delivery is instant or by itself, as card shops do it.",
)
