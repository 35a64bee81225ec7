"""Price lists in ratios, as new-api and its relatives publish them, turned into prices that are really paid.

A model's ratio 1 stands for 2 US dollars of credit per million tokens (0.002 per thousand) at 500,000 quota a dollar;
credit is bought at the site's own recharge price, in CNY where it is paid through Epay. Every trap has its refusal.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from crawlers.families._billing_expression import PricedTier, price_tiers
from crawlers.families._billing_syntax import BillingExpressionError
from crawlers.families._json import JsonValue, as_array, as_decimal, as_object, as_text, json_pointer
from crawlers.families._relay import (
    DIRECTIONS,
    MOST_MODEL_CHARACTERS,
    SENTINEL_RATIO,
    GroupPrice,
    Recharge,
    group_price,
    refused_offers,
)
from crawlers.families._text import one_line
from domain.comparison import Refusal
from domain.listing import StatedOffer
from domain.offer import OfferKind, Unit

USUAL_QUOTA_PER_UNIT = Decimal(500_000)
FALLBACK_RATIO = Decimal("37.5")
MOST_ROWS = 5_000
MOST_OFFERS = 20_000
MOST_GROUPS = 200

_TWO = Decimal(2)
_ROUTER = "auto"
_ALL = "all"


@dataclass(frozen=True, slots=True)
class RatioList:
    """A price list read: its offers, the labels of its groups, and what was passed over."""

    offers: tuple[StatedOffer, ...]
    labels: Mapping[str, str]
    problems: tuple[str, ...]


def is_ratio_list(answer: JsonValue) -> bool:
    """Is this a price list of new-api or a relative: rows that name a model and its ratio or price?"""
    rows = as_array(as_object(answer).get("data"))
    return any("model_name" in (row := as_object(value)) and "quota_type" in row for value in rows[:5])


def read_ratio_list(
    answer: JsonValue, recharge: Recharge, quota_per_unit: Decimal | None, path: Sequence[str | int] = ()
) -> RatioList:
    """The offers of a price list, one a model, group and direction; `path` leads to it within a saved file."""
    top = as_object(answer)
    groups = _groups(top)
    base = _base_assumptions(recharge, quota_per_unit)
    offers: list[StatedOffer] = []
    problems: list[str] = []
    hidden = 0
    rows = as_array(top.get("data"))
    for index, value in enumerate(rows[:MOST_ROWS]):
        row = as_object(value)
        model = one_line(as_text(row.get("model_name")))[:MOST_MODEL_CHARACTERS]
        pointer = json_pointer([*path, "data", index])
        if not model:
            problems.append(f"a row without a model name at {pointer} was skipped")
            continue
        seen = _groups_of(row, groups)
        hidden += not seen
        pricing = _Pricing(model, pointer, recharge, base)
        offers += chain.from_iterable(_row_offers(row, pricing, group, quota_per_unit) for group in seen)
        if len(offers) > MOST_OFFERS:
            problems.append(f"more than {MOST_OFFERS} offers: the rest was left unread")
            break
    if hidden:
        problems.append(f"{hidden} models stand in no group that visitors can see")
    if len(rows) > MOST_ROWS:
        problems.append(f"{len(rows) - MOST_ROWS} rows after the first {MOST_ROWS} were left unread")
    return RatioList(tuple(offers), {name: group.label for name, group in groups.items()}, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Pricing:
    """What all offers of one row share."""

    model: str
    pointer: str
    recharge: Recharge
    assumptions: tuple[str, ...]

    def priced(
        self, unit: Unit, credit: Decimal, group: GroupPrice, conditions: Mapping[str, str], notes: tuple[str, ...]
    ) -> StatedOffer:
        return StatedOffer(
            stated_product=self.model,
            kind=OfferKind.PER_CALL if unit is Unit.PER_CALL else OfferKind.METERED_TOKENS,
            price=self.recharge.paid(credit * group.ratio),
            unit=unit,
            pointer=self.pointer,
            conditions=conditions,
            multiplier=group.ratio,
            refusal=self.recharge.refusal,
            assumptions=self.assumptions + notes if notes else self.assumptions,
        )

    def refused(
        self, units: Sequence[Unit], conditions: Mapping[str, str], refusal: Refusal, why: str
    ) -> list[StatedOffer]:
        return refused_offers(self.model, units, self.pointer, conditions, refusal, why)


def _groups(top: dict[str, JsonValue]) -> dict[str, GroupPrice]:
    """The groups a visitor can see: those with a multiplier that are usable; `auto` only routes between others."""
    ratios = as_object(top.get("group_ratio"))
    usable = as_object(top.get("usable_group"))
    names = [name for name in ratios if name != _ROUTER and (not usable or name in usable)]
    return {
        name: group_price(one_line(name), as_decimal(ratios[name]), as_text(usable.get(name)))
        for name in sorted(names)[:MOST_GROUPS]
    }


def _groups_of(row: dict[str, JsonValue], groups: dict[str, GroupPrice]) -> list[GroupPrice]:
    enabled = row.get("enable_groups", row.get("enable_group"))
    if enabled is None:
        return list(groups.values())
    names = {as_text(name) for name in (enabled if isinstance(enabled, list) else [enabled])}
    return [group for name, group in groups.items() if _ALL in names or name in names]


def _base_assumptions(recharge: Recharge, quota_per_unit: Decimal | None) -> tuple[str, ...]:
    if quota_per_unit is None:
        return (*recharge.assumptions, "500000 quota to a dollar of credit, the usual number, as none is given")
    return recharge.assumptions


def _row_offers(
    row: dict[str, JsonValue], pricing: _Pricing, group: GroupPrice, quota_per_unit: Decimal | None
) -> Iterator[StatedOffer]:
    conditions = {"group": group.name}
    if group.label:
        conditions["label"] = group.label
    per_call = as_decimal(row.get("quota_type")) == 1
    mode = as_text(row.get("billing_mode"))
    if group.refusal is not None:
        units = (Unit.PER_CALL,) if per_call and mode != "tiered_expr" else DIRECTIONS
        yield from pricing.refused(units, conditions, group.refusal, group.assumption)
    elif mode == "tiered_expr":
        yield from _expression_offers(as_text(row.get("billing_expr")), pricing, group, conditions)
    elif mode and mode not in ("ratio", "quota", "token", "tokens"):
        why = f"billing mode {one_line(mode)[:40]!r} is a fork's own and its unit is not known"
        yield from pricing.refused((Unit.PER_CALL,), conditions, Refusal.UNIT_UNKNOWN, why)
    elif per_call:
        yield from _call_offers(as_decimal(row.get("model_price")), pricing, group, conditions)
    else:
        yield from _ratio_offers(row, pricing, group, conditions, quota_per_unit)


def _call_offers(
    price: Decimal | None, pricing: _Pricing, group: GroupPrice, conditions: dict[str, str]
) -> Iterator[StatedOffer]:
    if price is None or price <= 0 or price >= SENTINEL_RATIO:
        stated = "nothing" if price is None else f"{price:f}"
        why = f"a price a call of {stated} means free, unset or closed, and no price"
        yield from pricing.refused((Unit.PER_CALL,), conditions, Refusal.NO_PRICE, why)
    else:
        yield pricing.priced(Unit.PER_CALL, price, group, conditions, ())


def _ratio_offers(
    row: dict[str, JsonValue],
    pricing: _Pricing,
    group: GroupPrice,
    conditions: dict[str, str],
    quota_per_unit: Decimal | None,
) -> Iterator[StatedOffer]:
    ratio = as_decimal(row.get("model_ratio"))
    refusal = _ratio_refusal(ratio, quota_per_unit)
    if refusal is not None or ratio is None:
        kind, why = refusal or (Refusal.NO_PRICE, "the model's ratio is not given")
        yield from pricing.refused(DIRECTIONS, conditions, kind, why)
        return
    credit_in = _TWO * ratio * USUAL_QUOTA_PER_UNIT / (quota_per_unit or USUAL_QUOTA_PER_UNIT)
    yield pricing.priced(Unit.PER_MTOK_IN, credit_in, group, conditions, ())
    completion = as_decimal(row.get("completion_ratio"))
    if completion is None or completion <= 0:
        stated = "not given" if completion is None else f"{completion:f}"
        why = f"the completion ratio is {stated}, so the price of output is unknown"
        yield from pricing.refused((Unit.PER_MTOK_OUT,), conditions, Refusal.NO_PRICE, why)
    else:
        yield pricing.priced(Unit.PER_MTOK_OUT, credit_in * completion, group, conditions, ())
    cached = as_decimal(row.get("cache_ratio"))
    if cached is not None and cached > 0:
        yield pricing.priced(Unit.PER_MTOK_CACHE_READ, credit_in * cached, group, conditions, ())


def _ratio_refusal(ratio: Decimal | None, quota_per_unit: Decimal | None) -> tuple[Refusal, str] | None:
    if quota_per_unit is not None and quota_per_unit <= 0:
        return Refusal.CONTRADICTION, f"{quota_per_unit:f} quota to a dollar of credit cannot be"
    if ratio is None:
        return Refusal.NO_PRICE, "the model's ratio is not given"
    if ratio == FALLBACK_RATIO:
        return Refusal.NO_PRICE, "model ratio 37.5 is the software's stand-in for a model without a price"
    if ratio <= 0:
        return Refusal.NO_PRICE, f"model ratio {ratio:f} means free or unset, and no price"
    if ratio >= SENTINEL_RATIO:
        return Refusal.NO_PRICE, f"model ratio {ratio:f} is a sign for closed, and no price"
    return None


def _expression_offers(
    expression: str, pricing: _Pricing, group: GroupPrice, conditions: dict[str, str]
) -> Iterator[StatedOffer]:
    """A billing expression overrides the row's ratios and prices, whatever they say."""
    try:
        tiers = price_tiers(expression)
    except BillingExpressionError as error:
        yield from pricing.refused(DIRECTIONS, conditions, Refusal.UNIT_UNKNOWN, str(error))
        return
    for tier in tiers:
        held = dict(conditions)
        if tier.condition:
            held["tier"] = tier.condition
        if tier.when:
            held["when"] = tier.when
        yield from _tier_offers(tier, pricing, group, held)


def _tier_offers(
    tier: PricedTier, pricing: _Pricing, group: GroupPrice, conditions: dict[str, str]
) -> Iterator[StatedOffer]:
    notes = tier.notes
    if tier.name and (tier.condition or tier.when):
        notes = (*notes, f"the billing expression calls this tier {one_line(tier.name)[:60]!r}")
    for unit, credit in (
        (Unit.PER_MTOK_IN, tier.per_mtok_in),
        (Unit.PER_MTOK_OUT, tier.per_mtok_out),
        (Unit.PER_MTOK_CACHE_READ, tier.per_mtok_cache_read),
        (Unit.PER_CALL, tier.per_call),
    ):
        if credit is None:
            continue
        if credit > 0:
            yield pricing.priced(unit, credit, group, conditions, notes)
        elif unit is not Unit.PER_MTOK_CACHE_READ:
            why = "the billing expression charges nothing here: free or unset, and no price"
            yield from pricing.refused((unit,), conditions, Refusal.NO_PRICE, why)
