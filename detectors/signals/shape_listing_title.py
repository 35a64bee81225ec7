"""The text is what stands on a shelf: short, no sentence, a plan or model and a kind of offer."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.shape.item_title:
        yield Observation("Short as the title of a shop's item")


SIGNAL = SignalRule(
    "shape.listing_title",
    "The title of an item",
    "Items of card shops are a line: what plan, in what form, with what warranty.",
    _find,
)
