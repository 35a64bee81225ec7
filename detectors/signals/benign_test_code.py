"""Test or filter code: code that lists or tests this trade's words."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.test_code",
    "benign_phrase.test_code",
    title="Test or filter code",
    explains="Code that lists or tests this trade's words.",
)
