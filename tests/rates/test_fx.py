"""Currency rates: right, dated, and refused by name where there is none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import Money
from rates.errors import ContradictionError, CurrencyRateTooOldError, CurrencyUnknownError, RatesError
from rates.fx import CurrencyTable, DatedCurrencyRate, months_between

JULY = date(2026, 7, 24)


@pytest.fixture(scope="module")
def table() -> CurrencyTable:
    return CurrencyTable()


def added(currency: str, units: str, since: date, assumption: str = "") -> DatedCurrencyRate:
    return DatedCurrencyRate(currency, Decimal(units), since, "https://example.test/rates", since, assumption)


@pytest.mark.parametrize(
    ("currency", "units_per_usd"),
    [
        ("CNY", "6.76"),
        ("VND", "26323"),
        ("IDR", "17800"),
        ("BRL", "5.09"),
        ("INR", "94.5"),
        ("TRY", "46.3"),
        ("EUR", "0.863"),
        ("GBP", "0.746"),
        ("JPY", "160.3"),
        ("RUB", "73.1"),
        ("UAH", "44.8"),
        ("PKR", "278"),
        ("EGP", "49.9"),
        ("PHP", "61.5"),
    ],
)
def test_a_dollar_bought_about_that_much_in_july_2026(table: CurrencyTable, currency: str, units_per_usd: str) -> None:
    converted = table.to_usd(Money(Decimal(units_per_usd), currency), JULY)
    assert abs(converted.usd - 1) < Decimal("0.02")
    assert converted.rate_month == "2026-07"
    assert converted.assumptions == ()


def test_small_units_keep_their_digits(table: CurrencyTable) -> None:
    rate = table.to_usd(Money(Decimal(1), "VND"), JULY).rate
    assert len(rate.as_tuple().digits) == 12
    assert table.to_usd(Money(Decimal("0.1"), "CNY"), JULY).usd == table.to_usd(Money(Decimal(1), "CNY"), JULY).usd / 10


def test_dollars_are_dollars_and_pegged_coins_are_assumed_to_be(table: CurrencyTable) -> None:
    assert table.to_usd(Money(Decimal("9.99"), "USD"), date(1, 1, 1)).usd == Decimal("9.99")
    for coin in ("USDT", "USDC"):
        converted = table.to_usd(Money(Decimal(5), coin), JULY)
        assert converted.usd == 5
        assert converted.assumptions == (f"1 {coin} taken as 1 USD, its peg",)


def test_the_latest_month_serves_three_more_months_and_says_so(table: CurrencyTable) -> None:
    on_time = table.to_usd(Money(Decimal(100), "CNY"), date(2026, 11, 30))
    later = table.to_usd(Money(Decimal(100), "CNY"), date(2027, 2, 28))
    assert later.usd == on_time.usd
    assert later.rate_month == "2026-11"
    assert later.assumptions == ("CNY at the rate of 2026-11, the newest known, 3 months earlier",)
    with pytest.raises(CurrencyRateTooOldError, match="2026-11, more than 3 months before 2027-03"):
        table.to_usd(Money(Decimal(100), "CNY"), date(2027, 3, 1))


def test_a_currency_without_a_rate_is_refused_by_name(table: CurrencyTable) -> None:
    with pytest.raises(CurrencyUnknownError, match="XXQ"):
        table.to_usd(Money(Decimal(1), "XXQ"), JULY)
    with pytest.raises(CurrencyUnknownError):
        table.to_usd(Money(Decimal(1), "CNY"), date(1999, 1, 1))
    with pytest.raises(CurrencyRateTooOldError, match="IRR"):
        table.to_usd(Money(Decimal(1), "IRR"), JULY)


def test_the_toman_is_refused_until_somebody_gives_the_rial_a_rate(table: CurrencyTable) -> None:
    with pytest.raises(RatesError):
        table.to_usd(Money(Decimal(450_000), "IRT"), JULY)
    told = CurrencyTable((added("IRR", "1500000", date(2026, 7, 1), "market rate as read by the operator"),))
    converted = told.to_usd(Money(Decimal(450_000), "IRT"), JULY)
    assert abs(converted.usd - 3) < Decimal("0.001")
    assert converted.assumptions == ("market rate as read by the operator", "1 toman is 10 rials")


def test_an_added_rate_holds_from_its_day_and_grows_old() -> None:
    told = CurrencyTable((added("CNY", "6.5", date(2026, 12, 10)), added("CNY", "6.4", date(2026, 12, 20))))
    hundred = Money(Decimal(100), "CNY")
    assert told.to_usd(hundred, date(2026, 12, 9)).rate_month == "2026-11"
    assert abs(told.to_usd(hundred, date(2026, 12, 10)).usd - Decimal(100) / Decimal("6.5")) < Decimal("1E-8")
    assert abs(told.to_usd(hundred, date(2026, 12, 31)).usd - Decimal(100) / Decimal("6.4")) < Decimal("1E-8")
    assert "3 months earlier" in told.to_usd(hundred, date(2027, 3, 31)).assumptions[0]
    with pytest.raises(CurrencyRateTooOldError, match="2026-12"):
        told.to_usd(hundred, date(2027, 4, 1))


def test_two_rates_of_one_day_contradict() -> None:
    with pytest.raises(ContradictionError, match=r"6\.4 .*6\.5"):
        CurrencyTable((added("CNY", "6.4", JULY), added("CNY", "6.5", JULY)))
    CurrencyTable((added("CNY", "6.4", JULY), added("CNY", "6.4", JULY)))


@settings(deadline=None)
@given(
    st.decimals(min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=4),
    st.from_regex(r"\A[A-Z]{3,5}\Z"),
    st.dates(),
)
def test_any_money_on_any_day_is_converted_or_refused(
    table: CurrencyTable, amount: Decimal, currency: str, on: date
) -> None:
    try:
        converted = table.to_usd(Money(amount, currency), on)
    except RatesError:
        return
    assert converted.usd == amount * converted.rate
    assert converted.rate > 0


def test_months_are_counted_by_the_calendar() -> None:
    assert months_between(date(2026, 11, 30), date(2027, 2, 1)) == 3
    assert months_between(date(2026, 5, 1), date(2026, 5, 31)) == 0
