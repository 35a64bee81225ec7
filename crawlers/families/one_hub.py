"""one-hub and done-hub: /api/status, then /api/user_group_map, then /api/available_model with prices in ratios.

A price of 1 stands for 0.002 US dollars of credit a thousand tokens (2 a million), or a call; credit is bought at
PaymentUSDRate.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from crawlers.families._html import site_root
from crawlers.families._json import (
    JsonError,
    JsonValue,
    as_array,
    as_decimal,
    as_object,
    as_text,
    json_pointer,
    load_json,
)
from crawlers.families._recognition import (
    ANSWER,
    FAVICON,
    FAVICON_CONTEXT,
    HEADER,
    MARKUP,
    Mark,
    carries,
    head_of,
    recognition,
)
from crawlers.families._relay import (
    DIRECTIONS,
    MOST_MODEL_CHARACTERS,
    SENTINEL_RATIO,
    GroupPrice,
    Recharge,
    group_price,
    recharge_of,
    refused_offers,
    series_listings,
    site_gone,
)
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families.new_api import kept_status, site_of
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.comparison import Refusal
from domain.listing import StatedOffer
from domain.offer import OfferKind, Unit
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "one_hub"
MOST_MODELS = 2_000

_PER_MILLION = Decimal(2)
_PER_CALL = Decimal("0.002")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The status of each site; groups and models are asked for next."""
    return tuple(FurtherRequest(f"{site_root(url)}/api/status") for url in source.start_urls)


@reads(Expected("json", ('"success"',)), own=site_gone)
def read(page: Page) -> Reading:
    """A status or a map of groups (each asks for the next answer), or the models with their prices."""
    answer = as_object(json_of(page))
    if answer.get("success") is False:
        return not_understood(f"the site answers without success: {one_line(as_text(answer.get('message')))[:200]}")
    data = as_object(answer.get("data"))
    if "PaymentUSDRate" in data:
        kept = kept_status(data) | {
            "price": as_text(data.get("PaymentUSDRate")),
            "discounts": one_line(as_text(data.get("RechargeDiscount")))[:300],
        }
        return _next(page, "/api/user_group_map", "a status", status=kept)
    if _are_groups(data):
        groups: dict[str, JsonValue] = {
            name: {"name": as_text(group.get("name")), "ratio": as_text(group.get("ratio"))}
            for name, value in data.items()
            if (group := as_object(value)).get("enable") is not False and group.get("public") is not False
        }
        return _next(page, "/api/available_model", "the groups", groups=groups)
    if any("price" in as_object(value) and "groups" in as_object(value) for value in list(data.values())[:5]):
        return _models(page, data)
    if answer.get("data") == {} and answer.get("success") is True:
        return empty("no models")
    return not_understood("none of one-hub's answers: the software or its layout is another")


def _next(page: Page, path: str, what: str, **said: dict[str, JsonValue]) -> Reading:
    """The request that follows, carrying on what this answer and those before it said."""
    carried = {key: json.dumps(value, ensure_ascii=False, sort_keys=True) for key, value in said.items()}
    root = site_root(page.snapshot.url_answered)
    further = (FurtherRequest(f"{root}{path}", {**page.snapshot.context, **carried}),) if root[:4] == "http" else ()
    return Reading(ReadingState.FRESH, f"{what}; the next answer is asked for", further=further)


def _are_groups(data: Mapping[str, JsonValue]) -> bool:
    return bool(data) and all("symbol" in as_object(value) and "ratio" in as_object(value) for value in data.values())


def _models(page: Page, data: dict[str, JsonValue]) -> Reading:
    status = _said_before(page, "status")
    recharge = recharge_of(as_decimal(status.get("price")), stated_as="the site's PaymentUSDRate")
    discounts = as_text(status.get("discounts"))
    if discounts not in ("", "{}"):
        said = f"discounts by amount are not counted: {discounts}"
        recharge = replace(recharge, assumptions=(*recharge.assumptions, said))
    groups = {
        name: group_price(
            one_line(name), as_decimal(as_object(group).get("ratio")), as_text(as_object(group).get("name"))
        )
        for name, group in _said_before(page, "groups").items()
    }
    offers: list[StatedOffer] = []
    for model, value in sorted(data.items())[:MOST_MODELS]:
        row = as_object(value)
        pointer = json_pointer(["data", model, "price"])
        name = one_line(model)[:MOST_MODEL_CHARACTERS]
        for symbol in map(as_text, as_array(row.get("groups"))):
            group = groups.get(symbol) or (group_price(one_line(symbol), None, "") if not groups else None)
            if group is not None and name:
                offers += _offers(name, as_object(row.get("price")), pointer, group, recharge)
    problems = (f"{len(data) - MOST_MODELS} models were left unread",) if len(data) > MOST_MODELS else ()
    labels = {group.name: group.label for group in groups.values()}
    listings = series_listings(page, site_of(page, {}, status), offers, labels)
    if not listings:
        return Reading(ReadingState.EMPTY, "no model stands in a group that visitors see", problems=problems)
    return Reading(ReadingState.FRESH, listings=listings, problems=problems)


def _offers(
    model: str, price: Mapping[str, JsonValue], pointer: str, group: GroupPrice, recharge: Recharge
) -> Iterator[StatedOffer]:
    conditions = {"group": group.name} | ({"label": group.label} if group.label else {})
    per_call = as_text(price.get("type")) == "times"
    units = (Unit.PER_CALL,) if per_call else DIRECTIONS
    if group.refusal is not None:
        yield from refused_offers(model, units, pointer, conditions, group.refusal, group.assumption)
        return
    if as_text(price.get("type")) not in ("tokens", "times"):
        why = f"price type {one_line(as_text(price.get('type')))[:40]!r} is not known"
        yield from refused_offers(model, units, pointer, conditions, Refusal.UNIT_UNKNOWN, why)
        return
    for unit, credit, held in _prices(price, per_call):
        if credit is None or credit <= 0 or credit >= SENTINEL_RATIO:
            why = "a price of nothing, or beyond a thousand, is a sign for free, unset or closed"
            yield from refused_offers(model, (unit,), pointer, conditions | held, Refusal.NO_PRICE, why)
            continue
        yield StatedOffer(
            stated_product=model,
            kind=OfferKind.PER_CALL if per_call else OfferKind.METERED_TOKENS,
            price=recharge.paid(credit * group.ratio),
            unit=unit,
            pointer=pointer,
            conditions=conditions | held,
            multiplier=group.ratio,
            refusal=recharge.refusal,
            assumptions=recharge.assumptions,
        )


def _prices(price: Mapping[str, JsonValue], per_call: bool) -> Iterator[tuple[Unit, Decimal | None, dict[str, str]]]:
    """Prices in US dollars of credit; a long request of done-hub pays more for all of its tokens."""
    stated_in, stated_out = as_decimal(price.get("input")), as_decimal(price.get("output"))
    if per_call:
        yield Unit.PER_CALL, None if stated_in is None else _PER_CALL * stated_in, {}
        return
    long = as_object(price.get("long_context"))
    threshold = as_decimal(long.get("threshold"))
    cached = as_decimal(as_object(price.get("extra_ratios")).get("cached_read_tokens"))
    one = Decimal(1)
    spans = [("", one, one)]
    if threshold:
        stated_factors = (as_decimal(long.get(f"{side}_ratio")) or one for side in ("input", "output"))
        factor_in, factor_out = stated_factors
        spans = [(f"<={threshold:f}", one, one), (f">{threshold:f}", factor_in, factor_out)]
    for tier, factor_in, factor_out in spans:
        held = {"tier": tier} if tier else {}
        credit_in = None if stated_in is None else _PER_MILLION * stated_in * factor_in
        yield Unit.PER_MTOK_IN, credit_in, held
        yield Unit.PER_MTOK_OUT, None if stated_out is None else _PER_MILLION * stated_out * factor_out, held
        if cached and credit_in is not None:
            yield Unit.PER_MTOK_CACHE_READ, credit_in * cached, held


def _said_before(page: Page, key: str) -> dict[str, JsonValue]:
    try:
        return as_object(load_json(page.snapshot.context.get(key, "{}")))
    except JsonError:
        return {}


def recognise(page: Page) -> Recognition | None:
    """By its error type, titles, and the fields that only its status and models have."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, b'"one_hub_error"'):
        yield Mark(ANSWER, 0.5, "error type one_hub_error")
    if carries(page, b'"PaymentUSDRate"', b'"UptimeEnabled"'):
        yield Mark(ANSWER, 0.5, "shape of its status")
    if carries(page, b'"owned_by"', b'"channel_type"', b'"groups"', b'"locked"'):
        yield Mark(ANSWER, 0.45, "shape of its models")
    if carries(page, b'"symbol"', b'"api_rate"', b'"promotion"'):
        yield Mark(ANSWER, 0.45, "shape of its groups")
    if head_of(page).title in ("One Hub", "Done Hub"):
        yield Mark(MARKUP, 0.5, f"title {head_of(page).title}")
    if "x-oneapi-request-id" in page.snapshot.headers:
        yield Mark(HEADER, 0.2, "x-oneapi-request-id")
    if page.snapshot.context.get(FAVICON_CONTEXT) == "-2077628138":
        yield Mark(FAVICON, 0.6, "favicon")


FAMILY = Family(
    name=NAME,
    software="one-hub / done-hub",
    platform="relay",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
