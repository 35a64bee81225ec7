"""Words for kinds of offer: accounts, keys, credit, seats. People who sell nothing use them too."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

MOST = 3


def _find(context: SignalContext) -> Iterator[Observation]:
    kinds = [key for key in context.first if key[0] == "kind"]
    if kinds:
        mention = context.first[kinds[0]]
        yield Observation(f"Speaks of “{mention.surface[:40]}”", mention.span, float(min(len(kinds), MOST)))


SIGNAL = SignalRule(
    "shape.kind_words",
    "Words for kinds of offer",
    "An account, a key or a seat is spoken of; whether it is for sale is told by the rest.",
    _find,
)
