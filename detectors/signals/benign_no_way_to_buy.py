"""A price is named, but no word of selling, no way to order and nobody to write to: talk of an offer, not an offer."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

SELLING = frozenset({"sale_phrase", "risk_phrase", "delivery", "period"})
WEAK = frozenset(("sale_phrase", concept) for concept in ("top_up", "relay_credit", "relay_service", "invite_bonus"))


def _find(context: SignalContext) -> Iterator[Observation]:
    shape = context.shape
    if not shape.access or shape.catalogue_row or shape.item_title or context.read.contacts:
        return
    if not any(one[0] in SELLING and one not in WEAK for one in context.first):
        yield Observation("Nothing says that it is for sale, or how to get it")


SIGNAL = SignalRule(
    "benign.no_way_to_buy",
    "No way to buy",
    "An advert says how to order or whom to write to; talk about prices does not.",
    _find,
)
