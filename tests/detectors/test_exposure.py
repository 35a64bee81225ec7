"""The official value on offer: what is left and sold, times what the provider charges."""

from datetime import date
from decimal import Decimal

from detectors.exposure import exposure_of
from domain.comparison import Comparison, Refusal, Share
from domain.finding import PricedOffer
from domain.listing import Reach
from domain.money import Money
from domain.offer import Offer, OfferKind, TextSpan, Unit
from domain.rate import Rate
from rates.book import RateBook

DAY = date(2026, 7, 15)
PLAN = Rate(
    "claude-pro", "anthropic", Money(Decimal(20), "USD"), Unit.PER_PERIOD, "https://e.test", DAY, period_days=30
)


def account(period_days: int = 30) -> PricedOffer:
    offer = Offer(
        "claude-pro", "Claude Pro", "anthropic", OfferKind.SUBSCRIPTION_ACCOUNT, TextSpan("text", 0, 1),
        price=Money(Decimal(5), "USD"), unit=Unit.PER_ACCOUNT, period_days=period_days,
    )  # fmt: skip
    quarter = Decimal("0.25")
    return PricedOffer(offer, Comparison(Share(quarter, quarter, quarter), None, PLAN))


def credit(quantity: int) -> PricedOffer:
    offer = Offer(
        "api-credit", "100刀", None, OfferKind.CREDIT_TOPUP, TextSpan("text", 0, 1),
        price=Money(Decimal(15), "CNY"), unit=Unit.PER_USD_CREDIT, quantity=Decimal(quantity),
    )  # fmt: skip
    return PricedOffer(offer, Comparison(None, Refusal.OPAQUE_CREDIT))


def test_stock_and_sales_span_the_interval(rates: RateBook) -> None:
    found = exposure_of([account()], Reach(stock=10, sales=40), rates, DAY)
    assert found is not None
    assert (found.low.amount, found.high.amount) == (Decimal("200.00"), Decimal("1000.00"))


def test_a_year_is_worth_a_year(rates: RateBook) -> None:
    found = exposure_of([account(360)], Reach(stock=1), rates, DAY)
    assert found is not None
    assert found.low.amount == Decimal("240.00")


def test_credit_is_worth_its_face_value(rates: RateBook) -> None:
    found = exposure_of([credit(100)], Reach(stock=3), rates, DAY)
    assert found is not None
    assert found.high.amount == Decimal("300.00")


def test_without_stock_or_value_it_is_unknown(rates: RateBook) -> None:
    assert exposure_of([account()], Reach(), rates, DAY) is None
    assert exposure_of([], Reach(stock=5), rates, DAY) is None
