"""Bonus for signing up: a referral link or sign-up bonus leads to a seller."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.invite_bonus",
    "sale_phrase.invite_bonus",
    title="Bonus for signing up",
    explains="A referral link or sign-up bonus leads to a seller.",
    alone=False,
)
