"""A quiz: an exercise or a line of a data set."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.quiz",
    "benign_phrase.quiz",
    title="A quiz",
    explains="An exercise or a line of a data set.",
)
