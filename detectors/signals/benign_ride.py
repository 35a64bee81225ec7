"""Ride shares: shared rides share this trade's words."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.ride",
    "phrase.ride_share",
    title="Ride shares",
    explains="Shared rides share this trade's words.",
)
