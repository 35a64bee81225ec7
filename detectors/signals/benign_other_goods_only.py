"""Other goods are named, and no model or plan."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.wording import PHRASE


def _find(context: SignalContext) -> Iterator[Observation]:
    mention = context.first.get((PHRASE, "other_goods"))
    if mention is not None and not context.shape.names_product:
        yield Observation(f"Sells other goods: “{mention.surface[:40]}”", mention.span)


SIGNAL = SignalRule(
    "benign.other_goods_only",
    "Only other goods",
    "Streaming, mailboxes and licences are sold in the same shops and words, but give no access to a model.",
    _find,
)
