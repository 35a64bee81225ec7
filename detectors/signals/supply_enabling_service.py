"""What makes accounts possible: checks, numbers, cards or links for making accounts are spoken of."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.enabling_service",
    "kind.enabling_service",
    title="What makes accounts possible",
    explains="Checks, numbers, cards or links for making accounts are spoken of.",
)
