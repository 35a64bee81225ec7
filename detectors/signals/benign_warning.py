"""A warning: warns people against buying."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._words import LONGEST_QUOTE

KEY = ("benign_phrase", "warning")
# Whoever warns leaves no way to buy; whoever sells and warns of others does.
WITHOUT_A_CONTACT = 1.6


def _find(context: SignalContext) -> Iterator[Observation]:
    mention = context.first[KEY]
    strength = 1.0 if context.read.contacts else WITHOUT_A_CONTACT
    yield Observation(f"A warning: “{mention.surface[:LONGEST_QUOTE]}”", mention.span, strength)


SIGNAL = SignalRule("benign.warning", "A warning", "Warns people against buying.", _find, (KEY,))
