"""The shape of an offer: a thing, a price hook, and a way to get it, all in one passage."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._shapes import asks_a_price, hosted_by_anyone

WAYS = tuple(
    ("sale", way)
    for way in (
        "order_hook", "instant_delivery", "credentials_delivered", "warranty", "own_account", "shared_place",
        "ready_account", "invite_bonus", "stock", "seller_voice", "sponsor", "top_up", "relay_service",
    )
)  # fmt: skip


def _find(context: SignalContext) -> Iterator[Observation]:
    priced = next((one for one in context.priced if asks_a_price(one) and not hosted_by_anyone(context, one)), None)
    if priced is None:
        return
    ways = sum(way in context.first for way in WAYS)
    if ways or any(contact.role == "seller" for contact in context.read.contacts):
        yield Observation("A thing, a price and a way to get it", priced.offer.span, 1.0 if ways < 3 else 1.5)


SIGNAL = SignalRule(
    "shape.sells_access",
    "A thing, a price and a way to get it",
    "Words alone mislead; what is on offer, for how much, and how to get it together make an offer.",
    _find,
)
