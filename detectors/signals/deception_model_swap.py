"""Another model behind the name: a reverse-engineered or weaker model answers under the name that is sold."""

from detectors.signals._words import said

SIGNAL = said(
    "deception.model_swap",
    "risk_phrase.model_swap",
    title="Another model behind the name",
    explains="A reverse-engineered or weaker model answers under the name that is sold.",
)
