"""A name with another meaning: painters, bags and contact lenses share names with products."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.homonym",
    "benign_phrase.homonym",
    title="A name with another meaning",
    explains="Painters, bags and contact lenses share names with products.",
)
