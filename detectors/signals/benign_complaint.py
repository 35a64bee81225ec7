"""A complaint: complains of a ban, a seller or a failure."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.complaint",
    "benign_phrase.complaint",
    title="A complaint",
    explains="Complains of a ban, a seller or a failure.",
)
