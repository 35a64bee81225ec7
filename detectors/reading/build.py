"""Makes offers: ids and providers from the lexicon, spans into the original."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from detectors.reading.passage import Passage, families
from detectors.reading.products import Found
from domain.money import Money
from domain.offer import Offer, OfferKind, Unit
from rates.catalogue import ProductKind

FARTHEST_PRODUCT = 160
"""A product farther from its price than this does not stretch the offer's span."""

API_CREDIT = "api-credit"


class Thing(NamedTuple):
    """What an offer is about: the id, and the place where the text names it (None where it does not)."""

    id: str | None
    family: str
    found: Found | None = None


NOTHING = Thing(API_CREDIT, "")


def family_things(products: Sequence[Found]) -> list[Thing]:
    """One thing for each family among the products: models keep their id, plans count as their family."""
    things: dict[str, Thing] = {}
    for found in products:
        if found.kind is ProductKind.MODEL:
            things.setdefault(found.id, Thing(found.id, found.family, found))
        elif found.kind is not ProductKind.CREDIT:
            things.setdefault(found.family, Thing(found.family, found.family, found))
    return list(things.values())


def credit_thing(products: Sequence[Found]) -> tuple[Thing, Mapping[str, str]]:
    """What a credit is for: the one family or model named, else any; the families go into the conditions."""
    named = [found for found in products if found.kind is not ProductKind.CREDIT]
    series = families(named)
    if len(series) == 1:
        models = {found.id for found in named if found.kind is ProductKind.MODEL}
        product = models.pop() if len(models) == 1 and len(named) == 1 else series[0]
        return Thing(product, series[0], named[0]), {}
    found = named[0] if named else next(iter(products), None)
    return Thing(API_CREDIT, "", found), {"models": ", ".join(series)} if series else {}


def make_offer(
    passage: Passage,
    thing: Thing,
    kind: OfferKind,
    start: int,
    end: int,
    *,
    price: Money | None = None,
    unit: Unit | None = None,
    quantity: Decimal = Decimal(1),
    multiplier: Decimal | None = None,
    period_days: int | None = None,
    seats: int | None = None,
    claimed_share: Decimal | None = None,
    at_least: bool = False,
    conditions: Mapping[str, str] | None = None,
    assumptions: tuple[str, ...] = (),
) -> Offer:
    """An offer whose span runs over what it was read from, and its product's name where that is near."""
    lexicon, field = passage.field.lexicon, passage.field
    stated = ""
    if thing.found is not None:
        stated = field.surface(thing.found.start, thing.found.end)
        if abs(thing.found.start - start) <= FARTHEST_PRODUCT:
            start, end = min(start, thing.found.start), max(end, thing.found.end)
    known = lexicon.products.get(thing.id or "") or lexicon.products.get(thing.family)
    provider = known.provider if known is not None and known.provider != "any" else None
    return Offer(
        product=thing.id,
        stated_product=stated,
        provider=provider,
        kind=kind,
        span=field.span(start, max(end, start + 1)) if field.text else field.span(0, 0),
        price=price,
        unit=unit,
        quantity=quantity,
        multiplier=multiplier,
        period_days=period_days,
        seats=seats,
        claimed_share=claimed_share,
        at_least=at_least,
        conditions=conditions or {},
        assumptions=assumptions,
    )
