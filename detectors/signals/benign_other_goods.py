"""Other goods: goods that give no access to a model."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.other_goods",
    "phrase.other_goods",
    title="Other goods",
    explains="Goods that give no access to a model.",
)
