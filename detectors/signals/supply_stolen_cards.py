"""Stolen or throw-away cards: cards of others, or numbers that pass a trial's check, pay for what is sold on."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.stolen_cards",
    "risk_phrase.stolen_card",
    title="Stolen or throw-away cards",
    explains="Cards of others, or numbers that pass a trial's check, pay for what is sold on.",
)
