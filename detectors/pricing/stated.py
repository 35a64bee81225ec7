"""A row that a page states in so many fields (a relay's price list), as an offer like any other."""

from domain.listing import StatedOffer
from domain.offer import Offer, PointerSpan
from rates.book import RateBook


def offer_of(stated: StatedOffer, rates: RateBook) -> Offer:
    """The row as an offer that points into the page's body; a product the rates do not know stays None."""
    product = rates.resolve(stated.stated_product)
    known = rates.product(product) if product is not None else None
    return Offer(
        product=product,
        stated_product=stated.stated_product,
        provider=known.provider if known is not None else None,
        kind=stated.kind,
        span=PointerSpan(stated.pointer),
        price=stated.price,
        unit=stated.unit,
        multiplier=stated.multiplier,
        conditions=stated.conditions,
        assumptions=stated.assumptions,
    )
