"""Goods in stock: stock or a price list is spoken of."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.stock",
    "sale_phrase.in_stock",
    title="Goods in stock",
    explains="Stock or a price list is spoken of.",
)
