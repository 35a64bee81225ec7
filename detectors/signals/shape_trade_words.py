"""Single words of this trade; each weighs little, several together something."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

MOST = 4


def _find(context: SignalContext) -> Iterator[Observation]:
    words = [key for key in context.first if key[0] in ("risk", "sale")]
    if words:
        mention = context.first[words[0]]
        told = f"{len(words)} words of this trade, such as “{mention.surface[:40]}”"
        yield Observation(told, mention.span, float(min(len(words), MOST)))


SIGNAL = SignalRule(
    "shape.trade_words",
    "Words of this trade",
    "Words of buying, paying, stock and supply; people who sell nothing use them too.",
    _find,
)
