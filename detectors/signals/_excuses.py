"""Words of neighbouring trades: they excuse a text less where a plan or model is itself on offer in it."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._words import LONGEST_QUOTE
from detectors.wording import PHRASE

BESIDE_AN_OFFER = 0.3
# Credit of anything reads like credit of a relay: a ratio of money to gems is one of a game.
NAMES_NOTHING = frozenset({None, "api-credit"})


def neighbouring(name: str, concept: str, *, title: str, explains: str) -> SignalRule:
    """The rule for a neighbouring trade's phrases."""
    key = (PHRASE, concept)

    def find(context: SignalContext) -> Iterator[Observation]:
        mention = context.first[key]
        named = any(priced.offer.product not in NAMES_NOTHING for priced in context.shape.access)
        strength = BESIDE_AN_OFFER if named else 1.0
        yield Observation(f"{title}: “{mention.surface[:LONGEST_QUOTE]}”", mention.span, strength)

    return SignalRule(name, title, explains, find, (key,))
