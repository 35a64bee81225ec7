"""A signal that is a concept: it speaks when the text uses one of the concept's words."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._negation import is_denied

LONGEST_QUOTE = 40
WITHOUT_OFFER = 0.3
SUPPLY_WITHOUT_OFFER = 0.8
ALONE = 0.1
DENIED = 0.2
OF_SOFTWARE_TOO = frozenset({"supply.pooled_accounts", "supply.bulk_registration"})
"""Programs pool and register accounts for whoever runs them."""


def said(name: str, *concepts: str, title: str, explains: str, alone: bool = True) -> SignalRule:
    """The rule for concepts given as `category.concept`; it points at the first place where the text says so.

    Words are there to fill the slots of an offer: where nothing is on offer a word of the trade counts for less, and
    one that proves nothing `alone` (how one pays or is reached, how one boasts) for next to nothing.
    """
    excuses = name.startswith("benign.")
    keys = tuple((category, concept) for category, _, concept in (each.partition(".") for each in concepts))

    weakly = SUPPLY_WITHOUT_OFFER if name.startswith("supply.") and name not in OF_SOFTWARE_TOO else WITHOUT_OFFER

    def find(context: SignalContext) -> Iterator[Observation]:
        for key in keys:
            mention = context.first.get(key)
            if mention is not None:
                strength = 1.0 if excuses or context.shape.offers else (weakly if alone else ALONE)
                if not excuses and is_denied(mention):
                    strength *= DENIED
                yield Observation(f"{title}: “{mention.surface[:LONGEST_QUOTE]}”", mention.span, strength)
                return

    return SignalRule(name, title, explains, find, keys)
