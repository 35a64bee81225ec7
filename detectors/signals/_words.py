"""A signal that is a concept: it speaks when the text uses one of the concept's words."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

LONGEST_QUOTE = 40
WITHOUT_OFFER = 0.3
ALONE = 0.1


def said(name: str, *concepts: str, title: str, explains: str, alone: bool = True) -> SignalRule:
    """The rule for concepts given as `category.concept`; it points at the first place where the text says so.

    Words are there to fill the slots of an offer: where nothing is on offer a word of the trade counts for less, and
    one that proves nothing `alone` (how one pays or is reached, how one boasts) for next to nothing.
    """
    excuses = name.startswith("benign.")
    keys = tuple((category, concept) for category, _, concept in (each.partition(".") for each in concepts))

    def find(context: SignalContext) -> Iterator[Observation]:
        for key in keys:
            mention = context.first.get(key)
            if mention is not None:
                strength = 1.0 if excuses or context.shape.offers else (WITHOUT_OFFER if alone else ALONE)
                yield Observation(f"{title}: “{mention.surface[:LONGEST_QUOTE]}”", mention.span, strength)
                return

    return SignalRule(name, title, explains, find, keys)
