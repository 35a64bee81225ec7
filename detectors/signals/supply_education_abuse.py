"""Education places sold on: places meant for students or schools are sold to anyone."""

from detectors.signals._words import said

SIGNAL = said(
    "supply.education_abuse",
    "risk_phrase.education_abuse",
    title="Education places sold on",
    explains="Places meant for students or schools are sold to anyone.",
)
