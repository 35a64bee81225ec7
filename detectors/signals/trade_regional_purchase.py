"""Bought where it is cheap: a plan is bought in a cheap region and sold elsewhere."""

from detectors.signals._words import said

SIGNAL = said(
    "trade.regional_purchase",
    "risk_phrase.regional_purchase",
    title="Bought where it is cheap",
    explains="A plan is bought in a cheap region and sold elsewhere.",
)
