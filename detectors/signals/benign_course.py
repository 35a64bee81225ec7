"""A course or prompts: teaching and prompts give no access to a model."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.course",
    "phrase.course",
    title="A course or prompts",
    explains="Teaching and prompts give no access to a model.",
)
