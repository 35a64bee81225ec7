"""Games: game goods and accounts share this trade's words."""

from detectors.signals._excuses import neighbouring

SIGNAL = neighbouring(
    "benign.game",
    "mobile_game",
    title="Games",
    explains="Game goods and accounts share this trade's words.",
)
