"""Ride shares: shared rides share this trade's words."""

from detectors.signals._excuses import neighbouring

SIGNAL = neighbouring(
    "benign.ride",
    "ride_share",
    title="Ride shares",
    explains="Shared rides share this trade's words.",
)
