"""Games: game goods and accounts share this trade's words."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.game",
    "phrase.mobile_game",
    title="Games",
    explains="Game goods and accounts share this trade's words.",
)
