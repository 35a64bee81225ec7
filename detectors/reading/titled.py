"""A post whose title names what is sold and whose text only says for how much (`出 Claude Pro`, `一个月 42 元`)."""

from collections.abc import Iterator
from dataclasses import replace

from detectors.reading.kinds import plan_kind
from detectors.reading.passage import Passage
from detectors.reading.plan_prices import PlanPrice, choose_plan, find_plan_prices, plan_offer
from detectors.reading.products import Found
from detectors.reading.terms import seats, term_days
from domain.offer import Offer, OfferKind, Unit
from rates.catalogue import ProductKind

LONGEST_TEXT = 600
MOST_PRICES = 3
_HOOKS = frozenset({"sale", "kind", "delivery", "period", "risk"})


def read_titled(title: Passage, text: Passage) -> list[Offer]:
    """The title's plan at the text's prices: only where a short text names nothing of its own that could be priced."""
    plan = choose_plan(title.products)
    if plan is None or plan.kind is not ProductKind.PLAN or len(text.field.text) > LONGEST_TEXT:
        return []
    if any(found.kind is not ProductKind.CREDIT for found in text.products) or not _offers_something(title):
        return []
    prices = [price for price in find_plan_prices(text) if price.money is not None and not price.per.endswith("tok")]
    return list(_offers(title, text, plan, prices)) if len(prices) <= MOST_PRICES else []


def _offers_something(title: Passage) -> bool:
    """Does the title speak of accounts, seats, terms or a sale beside the plan?"""
    return any(not _HOOKS.isdisjoint(meaning.roles) for meaning in title.field.words.meanings)


def _offers(title: Passage, text: Passage, plan: Found, prices: list[PlanPrice]) -> Iterator[Offer]:
    length = len(title.field.text)
    named = title.field.surface(plan.start, plan.end)
    title_kind, title_days, title_seats = (
        plan_kind(title, 0, length), term_days(title, 0, length), seats(title, 0, length),
    )  # fmt: skip
    for price in prices:
        begin, finish = text.line(price.start)
        offer = plan_offer(text, plan._replace(start=price.start, end=price.start), price, begin, finish)
        kind = title_kind if offer.kind is OfferKind.SUBSCRIPTION_ACCOUNT else offer.kind
        days, shared = offer.period_days or title_days, offer.seats or title_seats
        if shared is not None and kind is OfferKind.SUBSCRIPTION_ACCOUNT:
            kind = OfferKind.SHARED_SEAT
        unit = Unit.PER_ACCOUNT if days is None else Unit.PER_PERIOD
        if kind is OfferKind.SHARED_SEAT:
            unit = Unit.PER_SEAT_PERIOD
        yield replace(
            offer, kind=kind, unit=unit, period_days=days, seats=shared, stated_product=named,
            span=text.field.span(price.start, price.end),
        )  # fmt: skip
