"""Recommends a seller: somebody recommends or lists sellers, often for a commission."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.recommends",
    "sale_phrase.recommends",
    title="Recommends a seller",
    explains="Somebody recommends or lists sellers, often for a commission.",
)
