"""Trials used up in bulk: trial places are taken in quantity and sold for the days they last."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.trial_abuse",
    "risk_phrase.trial_abuse",
    title="Trials used up in bulk",
    explains="Trial places are taken in quantity and sold for the days they last.",
)
