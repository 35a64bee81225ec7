"""A signal that is a concept: it speaks when the text uses one of the concept's words."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

LONGEST_QUOTE = 40


def said(name: str, *concepts: str, title: str, explains: str) -> SignalRule:
    """The rule for concepts given as `category.concept`; it points at the first place where the text says so."""
    keys = tuple((category, concept) for category, _, concept in (each.partition(".") for each in concepts))

    def find(context: SignalContext) -> Iterator[Observation]:
        for key in keys:
            mention = context.first.get(key)
            if mention is not None:
                yield Observation(f"{title}: “{mention.surface[:LONGEST_QUOTE]}”", mention.span)
                return

    return SignalRule(name, title, explains, find, keys)
