"""Other goods: goods that give no access to a model."""

from detectors.signals._excuses import neighbouring

SIGNAL = neighbouring(
    "benign.other_goods",
    "other_goods",
    title="Other goods",
    explains="Goods that give no access to a model.",
)
