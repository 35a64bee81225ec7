"""The shape of an offer: a thing, a price hook, and a way to get it, all in one passage."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

WAYS = tuple(
    ("sale_phrase", way)
    for way in (
        "order_hook", "instant_delivery", "credentials_delivered", "warranty", "own_account", "shared_place",
        "ready_account", "invite_bonus", "in_stock", "seller_voice", "no_obstacles",
    )
)  # fmt: skip
READ_WAYS = (("delivery", "instant"), ("delivery", "credentials"), ("delivery", "own_account"))
MANY = 3


def _find(context: SignalContext) -> Iterator[Observation]:
    asking = context.shape.asking
    if not asking:
        return
    ways = sum(way in context.first for way in (*WAYS, *READ_WAYS))
    if ways:
        strength = 1.5 if ways >= MANY else 1.0
        yield Observation("A thing, a price and a way to get it", asking[0].offer.span, strength)


SIGNAL = SignalRule(
    "shape.sells_access",
    "A thing, a price and a way to get it",
    "Words alone mislead; what is on offer, for how much, and how to get it together make an offer.",
    _find,
)
