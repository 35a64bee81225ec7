"""Subscriptions: the price of a plan for a term, a seat or an account, against the provider's own price for it."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from detectors.pricing.money import in_dollars
from domain.comparison import Comparison, Refusal, Share
from domain.offer import Offer, OfferKind, Unit
from domain.rate import Rate
from rates.book import RateBook
from rates.catalogue import ProductKind

MONTH_DAYS = Decimal(30)
YEAR_DAYS = 365
TERM_UNSAID = "no term said: taken as one month"
ANNUAL = "compared with the provider's own price for a year; low against twelve single months"
APP_STORE = "low against the app store's price, which the text speaks of"
ONE_OF_SEVERAL = "which of the plans of that name is not said: best against the cheapest, low against the dearest"

# Names that stand for several plans; the rates price each of these alone.
_VARIANTS: Mapping[str, tuple[str, ...]] = {
    "claude-max": ("claude-max-5x", "claude-max-20x"),
    "chatgpt-pro": ("chatgpt-pro-5x", "chatgpt-pro-20x"),
    "google-ai-ultra": ("google-ai-ultra-5x", "google-ai-ultra-20x"),
    "claude-team": ("claude-team-standard", "claude-team-premium"),
}


# Sold by the seat: who takes a place in one has the whole of what a price is for.
_BY_THE_SEAT = frozenset({"chatgpt-business", "claude-team-standard", "claude-team-premium", "cursor-teams"})


def compare_plan(offer: Offer, rates: RateBook, on: date) -> Comparison:
    """Share = price in dollars / (official monthly price x months).

    A shared seat is compared with its part of the plan where the text says how many share it; its interval reaches
    down to the whole plan, which is what the buyer gets to use.
    """
    if offer.kind is OfferKind.ENABLING_SERVICE:
        return Comparison(None, Refusal.UNIT_UNKNOWN, None, offer.assumptions)
    price = in_dollars(offer.price, rates, on)
    assumptions = (*offer.assumptions, *price.assumptions)
    if price.usd is None or offer.quantity <= 0:
        return Comparison(None, price.refusal or Refusal.UNIT_UNKNOWN, None, assumptions)
    official = _official(offer.product, rates, on)
    if not official:
        return Comparison(None, _why_not(offer.product, rates), None, assumptions)
    term, months = _months(offer.period_days)
    dollars = [usd for rate in official if (usd := _monthly(rate, rates, on)) is not None]
    if not dollars:
        return Comparison(None, Refusal.CURRENCY_UNKNOWN, official[0], assumptions)
    each = price.usd / offer.quantity / months
    parts = _parts(offer)
    best, low = each * parts / min(dollars), each / max(dollars)
    bounds = list(_bounds(offer, rates, on, each))
    values = [low, best, *(value for value, _ in bounds)]
    annual = _annual_share(offer, rates, on, each)
    if annual is not None:
        best, term = annual * parts, (*term, ANNUAL)
        values.append(best)
    share = Share(min(values), best, max(values))
    shared = (f"{offer.seats} share the plan: low against the whole of it",) if parts > 1 else ()
    several = (ONE_OF_SEVERAL,) if len(dollars) > 1 else ()
    said = (*assumptions, *term, *shared, *(why for _, why in bounds), *several)
    return Comparison(share, None, official[0], said)


def _parts(offer: Offer) -> Decimal:
    """Into how many the plan is shared out."""
    if offer.seats is None or offer.seats < 2 or offer.product in _BY_THE_SEAT:
        return Decimal(1)
    return Decimal(offer.seats)


def _official(product: str | None, rates: RateBook, on: date) -> list[Rate]:
    """The official rows of the plan, or of each plan that its name can mean."""
    if product is None:
        return []
    found = [rates.find(each, on, Unit.PER_PERIOD) for each in (product, *_VARIANTS.get(product, ()))]
    return [rate for rate in found if rate is not None and rate.price.amount > 0]


def _why_not(product: str | None, rates: RateBook) -> Refusal:
    known = rates.product(product) if product is not None else None
    if known is not None and known.kind in (ProductKind.PLAN, ProductKind.FREE_ACCOUNT):
        return Refusal.UNIT_UNKNOWN
    return Refusal.MODEL_UNKNOWN


def _months(period_days: int | None) -> tuple[tuple[str, ...], Decimal]:
    """The months of the term; twelve to the year."""
    if not period_days:
        return (TERM_UNSAID,), Decimal(1)
    years, rest = divmod(period_days, YEAR_DAYS)
    return (), Decimal(12 * years) + Decimal(rest) / MONTH_DAYS


def _monthly(rate: Rate, rates: RateBook, on: date) -> Decimal | None:
    usd = in_dollars(rate.price, rates, on).usd
    return None if usd is None else usd * MONTH_DAYS / Decimal(rate.period_days or 30)


def _annual_share(offer: Offer, rates: RateBook, on: date, each: Decimal) -> Decimal | None:
    """The share of the provider's own price for a year, where that is what is sold and the provider has one."""
    if offer.period_days is None or offer.period_days < YEAR_DAYS:
        return None
    annual = rates.find(offer.product or "", on, Unit.PER_PERIOD, tier="annual")
    if annual is None or annual.price.currency != "USD" or annual.price.amount <= 0:
        return None
    return each * 12 / annual.price.amount


def _bounds(offer: Offer, rates: RateBook, on: date, each: Decimal) -> Iterator[tuple[Decimal, str]]:
    """What the share can also be, with the reason."""
    product = offer.product or ""
    if offer.conditions.get("channel") == "app_store":
        store = rates.find(product, on, Unit.PER_PERIOD, tier="app_store")
        if store is not None and store.price.currency == "USD" and store.price.amount > 0:
            yield each / store.price.amount, APP_STORE
