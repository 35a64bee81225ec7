"""Offers in running text, lists and rows: each price, credit, claim or multiplier with the product it is about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from detectors.reading.build import NOTHING, Thing, credit_thing, family_things, make_offer
from detectors.reading.claims import Claim, find_claims
from detectors.reading.credit import Pack, find_packs
from detectors.reading.kinds import access_kind, credit_kind, is_free
from detectors.reading.multipliers import Multiplier, find_multipliers
from detectors.reading.passage import Passage, families
from detectors.reading.per_token import TokenPrice, find_token_prices, in_columns
from detectors.reading.plan_prices import PlanPrice, find_plan_prices, plan_offers
from detectors.reading.products import Found
from domain.money import Money
from domain.offer import Offer, OfferKind, Unit
from rates.catalogue import Product, ProductKind

MOST_OFFERS = 200
ABOVE = 600
"""So many characters before a line belong to what it says of everything above it."""
_SAME_BREATH = re.compile(r"[^,。;\n!?|、•·]{0,18}")
RATIO_UNSAID = "the multiplier is of the relay's own dollars, whose price the text does not say"
MULTIPLIER_SAID_TWICE = "the price of a dollar repeats the multiplier, so balance is sold at par"
FROM_RATIO = "the relay's recharge ratio times its multiplier"

NOT_OFFICIAL = "the text does not say of which price; taken as the official one"
_BY_TOKEN = frozenset({
    Unit.PER_MTOK, Unit.PER_MTOK_IN, Unit.PER_MTOK_OUT, Unit.PER_MTOK_CACHE_READ, Unit.PER_MTOK_CACHE_WRITE,
})  # fmt: skip
_COMPARED = _BY_TOKEN | {Unit.PER_PERIOD, Unit.PER_ACCOUNT, Unit.PER_SEAT_PERIOD}

Event = Pack | TokenPrice | Claim | Multiplier | PlanPrice


class Ratio(NamedTuple):
    """What one dollar of a relay's credit costs."""

    price: Decimal
    currency: str
    assumptions: tuple[str, ...] = ()


def ratio_of(packs: Sequence[Pack]) -> Ratio | None:
    """The relay's recharge ratio: the one stated as such, else the only pack's."""
    stated = [pack for pack in packs if pack.ratio] or (list(packs) if len(packs) == 1 else [])
    if not stated:
        return None
    pack = stated[0]
    return Ratio(pack.price / pack.dollars, pack.currency, pack.assumptions)


def read_prose(passage: Passage, ratio: Ratio | None = None) -> list[Offer]:
    """Every offer that the passage makes in its own words; `ratio` is a recharge ratio known from elsewhere."""
    if not passage.atoms and not passage.has(0, len(passage.field.text), "relation"):
        return []
    packs = find_packs(passage)
    tokens = in_columns(passage, find_token_prices(passage))
    multipliers = find_multipliers(passage)
    ratio = _before_multipliers(ratio_of(packs), multipliers) or ratio
    claims = find_claims(passage)
    prices = find_plan_prices(passage)
    events: list[Event] = [*packs, *tokens, *multipliers, *claims, *prices]
    events.sort(key=lambda event: event.start)
    reader = _Reader(passage, ratio, multiplied=bool(multipliers))
    offers = [offer for event in events for offer in reader.read(event)]
    return merge(_without_echoes(offers, passage.field.lexicon.products))[:MOST_OFFERS]


def _before_multipliers(ratio: Ratio | None, multipliers: Sequence[Multiplier]) -> Ratio | None:
    """`倍率0.12，0.12换一刀`: the price for a dollar is the multiplier said once more, of a relay that sells at par."""
    if ratio is None or ratio.price >= 1 or all(ratio.price != multiplier.low for multiplier in multipliers):
        return ratio
    return Ratio(Decimal(1), ratio.currency, (*ratio.assumptions, MULTIPLIER_SAID_TWICE))


class _Reader:
    """Goes through the events of a passage in order and knows what the last one was about."""

    def __init__(self, passage: Passage, ratio: Ratio | None, *, multiplied: bool) -> None:
        self._passage = passage
        self._ratio = ratio
        self._multiplied = multiplied
        self._last_end = 0
        self._last: list[Found] = []
        self._priced: set[int] = set()

    def read(self, event: Event) -> Iterator[Offer]:
        """The offers that an event makes."""
        if isinstance(event, PlanPrice):
            products = self._products(event)
            yield from plan_offers(self._passage, event, products)
            return
        products = self._products(event)
        if isinstance(event, Pack):
            yield self._pack(event, products)
        elif isinstance(event, TokenPrice):
            yield self._tokens(event, products)
        elif isinstance(event, Multiplier):
            yield from self._multiplier(event, products)
        else:
            yield from self._claim(event, products)

    def _products(self, event: Event) -> list[Found]:
        """What the event is about: the same as the one before in the same breath, else by its place."""
        if not self._same_breath(event):
            if isinstance(event, TokenPrice):
                self._last = self._metered_products(event)
            elif isinstance(event, Pack) and event.ratio:
                begin, _ = self._passage.sentence(event.start)
                self._last = self._passage.in_range(max(begin, self._last_end), event.start)
            elif isinstance(event, PlanPrice):
                self._last = self._priced_products(event)
            else:
                self._last = self._passage.products_of(event.start, event.end, self._last_end)
            if isinstance(event, Pack) and not families(self._last) and not (event.ratio and self._multiplied):
                self._last = self._only_family_of_line(event) or self._last
        self._last_end = max(self._last_end, event.end)
        return self._last

    def _only_family_of_line(self, event: Pack) -> list[Found]:
        named = [
            found
            for found in self._passage.in_range(*self._passage.line(event.start))
            if found.kind is not ProductKind.CREDIT
        ]
        return named[:1] if len(families(named)) == 1 else []

    def _same_breath(self, event: Event) -> bool:
        text = self._passage.field.text
        between = self._passage.in_range(self._last_end, event.start)
        if isinstance(event, Multiplier) and self._last:
            # `（Plus 号池0.08倍率）` names the pool behind the model just priced.
            between = [found for found in between if found.family != self._last[-1].family]
        if not self._last or between:
            return False
        if isinstance(event, PlanPrice) and self._record_closed(self._last_end, event.start):
            return False
        if isinstance(event, TokenPrice | PlanPrice):
            return "\n" not in text[self._last_end : event.start] and event.start - self._last_end < 200
        return _SAME_BREATH.fullmatch(text, self._last_end, event.start) is not None

    def _metered_products(self, event: TokenPrice) -> list[Found]:
        """Models before plans and families: `GPT-5.5 Codex-Plus分组 ¥1` names a pool after the model."""
        begin, _ = self._passage.line(event.start)
        named = self._passage.in_range(max(begin, self._last_end), event.start)
        models = [found for found in named if found.kind is ProductKind.MODEL]
        if models or named:
            return (models or named)[-1:]
        return self._passage.products_of(event.start, event.end, self._last_end)

    def _priced_products(self, event: PlanPrice) -> list[Found]:
        """A line that names goods of its own is not about the product of the line before, once that has its price."""
        products = self._passage.products_of(event.start, event.end, self._last_end)
        begin, _ = self._passage.line(event.start)
        products = self._before_brackets(products, max(begin, self._last_end), event.start)
        inherited = bool(products) and products[-1].end < begin
        if inherited and products[-1].start in self._priced and self._names_something(begin, event.start):
            return []
        if products and products[-1].start in self._priced and self._record_closed(products[-1].end, event.start):
            return []
        self._priced.update(found.start for found in products)
        return products

    def _before_brackets(self, products: list[Found], begin: int, end: int) -> list[Found]:
        """`Kiro Power (opus inside) $20`: the plan before the brackets is what the price is of."""
        if not products or products[-1].kind is ProductKind.PLAN or products[-1].start < begin:
            return products
        text, last = self._passage.field.text, products[-1].start
        if text.rfind("(", begin, last) <= text.rfind(")", begin, last) or ")" not in text[last:end]:
            return products
        plans = [found for found in self._passage.in_range(begin, last) if found.kind is ProductKind.PLAN]
        return plans[-1:] or products

    def _record_closed(self, start: int, end: int) -> bool:
        """Has the record of data that named the product ended before the price (`{name, price}, {..., price}`)?"""
        return start < end and "}" in self._passage.field.text[start:end]

    def _names_something(self, begin: int, end: int) -> bool:
        """Are there words in the line that the lexicon does not know?"""
        known = sum(hit[1] - hit[0] for hit in self._passage.field.hits_between(begin, end))
        letters = sum(1 for letter in self._passage.field.text[begin:end][:200] if letter.isalpha())
        return letters - known >= 14

    def _pack(self, pack: Pack, products: list[Found]) -> Offer:
        thing, conditions = credit_thing(products)
        kind = OfferKind.UNLIMITED_PLAN if pack.days else OfferKind.CREDIT_TOPUP
        if not (pack.days or pack.ratio):
            kind = credit_kind(self._passage, *self._passage.sentence(pack.start))
        return make_offer(
            self._passage, thing, kind, pack.start, pack.end,
            price=Money(pack.price, pack.currency), unit=Unit.PER_USD_CREDIT, quantity=pack.dollars,
            period_days=pack.days, at_least=pack.at_least, conditions=conditions, assumptions=pack.assumptions,
        )  # fmt: skip

    def _tokens(self, event: TokenPrice, products: list[Found]) -> Offer:
        thing = next(iter(family_things(products)), NOTHING)
        begin, finish = self._passage.line(event.start)
        return make_offer(
            self._passage, thing, access_kind(self._passage, begin, finish), event.start, event.end,
            price=Money(event.price, event.currency), unit=event.unit, at_least=event.at_least,
            assumptions=event.assumptions,
        )  # fmt: skip

    def _multiplier(self, event: Multiplier, products: list[Found]) -> Iterator[Offer]:
        for thing in family_things(products) or [NOTHING]:
            if event.of_official and self._ratio is None:
                yield make_offer(
                    self._passage, thing, OfferKind.METERED_TOKENS, event.start, event.end,
                    unit=Unit.PERCENT_OF_OFFICIAL, claimed_share=event.low, multiplier=event.low,
                    at_least=event.at_least or event.high > event.low,
                )  # fmt: skip
            elif event.of_official:
                yield make_offer(
                    self._passage, thing, OfferKind.METERED_TOKENS, event.start, event.end,
                    unit=Unit.PERCENT_OF_OFFICIAL, claimed_share=event.low,
                    at_least=event.at_least or event.high > event.low,
                )  # fmt: skip
            else:
                yield self._metered(event, thing)

    def _metered(self, event: Multiplier, thing: Thing) -> Offer:
        ratio = self._ratio
        return make_offer(
            self._passage, thing, OfferKind.METERED_TOKENS, event.start, event.end,
            price=Money(ratio.price, ratio.currency) if ratio is not None else None,
            unit=Unit.PER_USD_CREDIT, multiplier=event.low, at_least=event.at_least or event.high > event.low,
            assumptions=(*ratio.assumptions, FROM_RATIO) if ratio is not None else (RATIO_UNSAID,),
        )  # fmt: skip

    def _claim(self, event: Claim, products: list[Found]) -> Iterator[Offer]:
        listed = self._one_of_series(event, products)
        begin, finish = self._passage.line(event.start)
        things = self._of_the_whole_shop(event, listed) or _claimed_things(self._passage, listed) or [NOTHING]
        for thing in things:
            plan = thing.found is not None and thing.found.kind is ProductKind.PLAN and thing.id == thing.found.id
            kind = OfferKind.ACTIVATION_SERVICE if plan else access_kind(self._passage, begin, finish)
            if is_free(self._passage, begin, begin):
                kind = OfferKind.FREE_POOL
            yield make_offer(
                self._passage, thing, kind, event.start, event.end,
                unit=Unit.PERCENT_OF_OFFICIAL, claimed_share=event.low,
                at_least=event.at_least or event.high > event.low,
                assumptions=() if event.official else (NOT_OFFICIAL,),
            )  # fmt: skip

    def _of_the_whole_shop(self, event: Claim, products: list[Found]) -> list[Thing]:
        """A discount on a line of its own, under lines of different products: of none of them in particular."""
        begin, finish = self._passage.line(event.start)
        if not event.official or not products or products[-1].end >= begin or self._passage.in_range(begin, finish):
            return []
        above = self._passage.in_range(max(0, begin - ABOVE), begin)
        named = [found for found in above if found.kind is ProductKind.MODEL]
        if len({found.id for found in named}) < 2 or any(found in products for found in named[:-1]):
            return []
        series = families(above)
        return [Thing(series[0], series[0], above[-1])] if len(series) == 1 else [NOTHING]

    def _one_of_series(self, event: Claim, products: list[Found]) -> list[Found]:
        """Of `Claude / Codex / Gemini at 38% / 2% / 9%` each percentage belongs to one of the products."""
        atoms, text = self._passage.atoms, self._passage.field.text
        if len(event.indexes) != 1 or len(products) < 2:
            return products
        index = event.indexes[0]
        first = last = index
        while first > 0 and _slash(text, atoms[first - 1].end, atoms[first].start):
            first -= 1
        while last + 1 < len(atoms) and _slash(text, atoms[last].end, atoms[last + 1].start):
            last += 1
        return [products[index - first]] if last - first + 1 == len(products) else products


def _slash(text: str, start: int, end: int) -> bool:
    return text[start:end].strip() in ("/", "、")


def _claimed_things(passage: Passage, products: Sequence[Found]) -> list[Thing]:
    """Plans stay plans where a subscription is what is discounted; otherwise each family once."""
    plans = [found for found in products if found.kind is ProductKind.PLAN]
    if plans and len(plans) == len(products):
        return [Thing(found.id, found.family, found) for found in plans]
    return family_things(products)


def _without_echoes(offers: list[Offer], products: Mapping[str, Product]) -> Iterator[Offer]:
    """Leave out what only repeats, or belongs to, an offer with a better price.

    A token price beside the multiplier and recharge ratio that it comes from; a discount that does not name the
    official price, of a product whose price is stated (it is off the shop's own former price). A claim about such a
    product that does name the official price stays with its priced offers, apart from what is computed.
    """
    if len(offers) < 2:
        yield from offers
        return
    claims = {
        offer.product: offer.claimed_share
        for offer in offers
        if offer.unit is Unit.PERCENT_OF_OFFICIAL and NOT_OFFICIAL not in offer.assumptions
    }
    by_ratio = {offer.product for offer in offers if offer.multiplier is not None and offer.price is not None}
    priced = {offer.product for offer in offers if offer.price is not None}
    compared = {
        offer.product
        for offer in offers
        if offer.price is not None and offer.unit in _COMPARED and _has_a_price(offer.product, products)
    }
    for offer in offers:
        if offer.product in by_ratio and offer.unit in _BY_TOKEN:
            continue
        if offer.unit is Unit.PERCENT_OF_OFFICIAL:
            if offer.product in (priced if NOT_OFFICIAL in offer.assumptions else compared):
                continue
        elif offer.unit in _COMPARED and offer.product in claims:
            offer = replace(offer, claimed_share=claims[offer.product])
        yield offer


def _has_a_price(product: str | None, products: Mapping[str, Product]) -> bool:
    """Has the thing an official price at all? A family has none."""
    known = products.get(product or "")
    return known is not None and known.kind in (ProductKind.MODEL, ProductKind.PLAN)


def merge(offers: Iterator[Offer]) -> list[Offer]:
    """Each offer once: a claim repeated (`1.2折（省88%）`), or made of a product that has a price, joins the other."""
    every = list(offers)
    if len(every) < 2:
        return every
    kept: list[Offer] = []
    seen: set[tuple[object, ...]] = set()
    for offer in every:
        key: tuple[object, ...] = (
            offer.product, offer.unit, offer.price, offer.quantity, offer.multiplier, offer.claimed_share,
            offer.period_days, offer.kind if offer.price is not None else None,
        )  # fmt: skip
        if offer.unit is Unit.PERCENT_OF_OFFICIAL and offer.claimed_share is not None:
            key = (offer.product, offer.unit, round(offer.claimed_share, 3))
        if key not in seen:
            seen.add(key)
            kept.append(offer)
    return kept
