"""A file of updates is parsed and validated without touching anything."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import Money
from domain.offer import Unit
from rates.book import load_rate_book
from rates.errors import RatesFileError
from rates.updates import MOST_BYTES, parse_update

YAML = b"""
undercut_rates: 1
prices:
  - product: claude-max-20x
    unit: per_period
    period_days: 30
    amount: "210"
    from: 2026-12-15
    source: https://claude.com/pricing
    checked: 2026-12-15
  - product: gpt-6-sol
    unit: per_mtok_in
    amount: 1.5
    from: 2026-12-15
    to: 2027-01-15
    note: promotion
    source: https://developers.openai.com/api/docs/pricing
    checked: 2026-12-15
currencies:
  - currency: CNY
    units_per_usd: 6.7
    from: 2027-01-01
    source: https://example.test/rates
    checked: 2027-01-02
  - currency: IRR
    units_per_usd: 1500000
    from: 2026-12-01
    assumption: market rate, not the official one
    source: https://example.test/rates
    checked: 2026-12-01
"""


def test_a_yaml_file_is_read() -> None:
    update = parse_update("new.yml", YAML)
    assert [rate.product for rate in update.prices] == ["claude-max-20x", "gpt-6-sol"]
    assert update.prices[0].price == Money(Decimal(210), "USD")
    assert update.prices[1].price == Money(Decimal("1.5"), "USD")
    assert update.prices[1].valid_to == date(2027, 1, 15)
    assert [rate.currency for rate in update.currencies] == ["CNY", "IRR"]
    assert len(update.sha256) == 64


def test_json_is_read_as_well() -> None:
    content = (
        b'{"undercut_rates": 1, "prices": [{"product": "gpt-6-sol", "unit": "per_mtok_out", "amount": "9.00",'
        b' "from": "2026-12-15", "source": "https://example.test/", "checked": "2026-12-15"}]}'
    )
    (rate,) = parse_update("new.json", content).prices
    assert (rate.unit, rate.price.amount, rate.valid_from) == (Unit.PER_MTOK_OUT, Decimal("9.00"), date(2026, 12, 15))


def test_an_update_is_seen_by_the_whole_book() -> None:
    book = load_rate_book((parse_update("new.yml", YAML),))
    assert book.lookup("claude-max-20x", date(2026, 12, 15), Unit.PER_PERIOD).price.amount == 210
    assert book.lookup("claude-max-20x", date(2026, 12, 14), Unit.PER_PERIOD).price.amount == 200
    assert book.lookup("gpt-6-sol", date(2027, 1, 1), Unit.PER_MTOK_IN).price.amount == Decimal("1.5")
    assert book.lookup("gpt-6-sol", date(2027, 1, 15), Unit.PER_MTOK_IN).price.amount == 2
    converted = book.to_usd(Money(Decimal(67), "CNY"), date(2027, 4, 1))
    assert abs(converted.usd - 10) < Decimal("1E-8")
    assert book.to_usd(Money(Decimal(1_500_000), "IRR"), date(2026, 12, 2)).assumptions == (
        "market rate, not the official one",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (YAML.replace(b"undercut_rates: 1", b"undercut_rates: 2"), r"new\.yml: undercut_rates"),
        (YAML.replace(b"unit: per_period", b"unit: per_moon"), r"prices\.0\.unit \(2026-12-15\)"),
        (YAML.replace(b"units_per_usd: 6.7", b"units_per_usd: 0"), r"currencies\.0\.units_per_usd"),
        (YAML.replace(b"    source: https://claude.com/pricing\n", b""), r"prices\.0\.source .*add it"),
        (YAML.replace(b"amount: 1.5", b"amount: .nan"), r"prices\.1\.amount"),
        (YAML.replace(b"note: promotion", b"remark: promotion"), r"prices\.1\.remark .*spelling"),
        (b"prices: []", "undercut_rates"),
        (b"\xff\xfe\x00", "not readable"),
        (b"a: &a [*a]", "undercut_rates"),
        (b"x" * (MOST_BYTES + 1), "split it"),
    ],
)
def test_a_mistake_is_named_with_file_row_and_mend(content: bytes, said: str) -> None:
    with pytest.raises(RatesFileError, match=said):
        parse_update("new.yml", content)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(RatesFileError):
        parse_update("any", content)
