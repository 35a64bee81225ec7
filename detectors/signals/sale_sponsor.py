"""Thanked as a sponsor: a project thanks a sponsor; whether that is a seller is told by the rest."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.sponsor",
    "sale_phrase.sponsor",
    title="Thanked as a sponsor",
    explains="A project thanks a sponsor; whether that is a seller is told by the rest.",
    alone=False,
)
