"""A relay's own price list: closed models, metered, from a place that no list knows as authorised."""

from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from domain.finding import Authorisation
from domain.offer import OfferKind, PointerSpan

METERED = frozenset({OfferKind.METERED_TOKENS, OfferKind.PER_CALL})
UNLISTED = frozenset({Authorisation.UNKNOWN, Authorisation.DENIED_BY_PROVIDER})


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.authorisation not in UNLISTED:
        return
    for priced in context.priced:
        offer = priced.offer
        if offer.kind not in METERED or priced.comparison.share is None or not isinstance(offer.span, PointerSpan):
            continue
        product = context.rates.product(offer.product) if offer.product is not None else None
        if product is not None and not product.open_weights:
            yield Observation(f"A price list of its own offers {product.id}, which only its provider sells", offer.span)
            return


SIGNAL = SignalRule(
    "supply.relay_price_list",
    "A price list for another's models",
    "A list that prices a closed model in so many fields is an offer of it, whatever words stand beside it.",
    _find,
)
