"""Hosts open weights: anyone may host models with open weights."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.open_weights_hosting",
    "benign_phrase.open_weights",
    title="Hosts open weights",
    explains="Anyone may host models with open weights.",
)
