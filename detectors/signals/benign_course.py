"""A course or prompts: teaching and prompts give no access to a model."""

from detectors.signals._excuses import neighbouring

SIGNAL = neighbouring(
    "benign.course",
    "course",
    title="A course or prompts",
    explains="Teaching and prompts give no access to a model.",
)
