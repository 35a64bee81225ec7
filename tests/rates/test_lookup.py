"""Rows become timelines: one price a day, the later start wins, contradictions are named."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.money import Money
from domain.offer import Unit
from domain.rate import Rate
from rates.errors import ContradictionError
from rates.lookup import DERIVED, LIBRARY, OVERLAY, UPDATE, Layered, build_timelines, rate_on


def row(amount: str, start: date | None = None, end: date | None = None, layer: int = OVERLAY) -> Layered:
    rate = Rate(
        product="x",
        provider="p",
        price=Money(Decimal(amount), "USD"),
        unit=Unit.PER_PERIOD,
        source_url="https://example.test/",
        checked_on=None,
        valid_from=start,
        valid_to=end,
    )
    return Layered(rate, layer, f"layer {layer}")


def timeline(*rows: Layered) -> tuple[Rate, ...]:
    (only,) = build_timelines(rows).values()
    return only


def on_days(rates: tuple[Rate, ...], *days: date) -> list[str | None]:
    found = [rate_on(rates, day) for day in days]
    return [None if rate is None else str(rate.price.amount) for rate in found]


JANUARY, MARCH, JUNE, AUGUST = date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1), date(2026, 8, 1)


def test_the_row_that_began_last_holds() -> None:
    rates = timeline(row("1"), row("2", MARCH), row("3", JUNE))
    assert on_days(rates, JANUARY, MARCH, date(2026, 5, 31), JUNE, AUGUST) == ["1", "2", "2", "3", "3"]
    assert [(rate.valid_from, rate.valid_to) for rate in rates] == [(JUNE, None), (MARCH, JUNE), (None, MARCH)]


def test_a_row_that_ends_gives_way_to_the_one_beneath_it() -> None:
    rates = timeline(row("1", layer=LIBRARY), row("9", MARCH, JUNE))
    assert on_days(rates, JANUARY, MARCH, JUNE) == ["1", "9", "1"]
    assert on_days(timeline(row("9", MARCH, JUNE)), JANUARY, MARCH, JUNE) == [None, "9", None]
    assert on_days(timeline(row("9", MARCH, JUNE), row("8", AUGUST)), JUNE, AUGUST) == [None, "8"]


def test_the_same_price_told_twice_is_one_row() -> None:
    assert len(timeline(row("1", MARCH), row("1", MARCH))) == 1


def test_the_files_may_correct_the_library_and_anything_what_is_derived() -> None:
    assert on_days(timeline(row("1", layer=LIBRARY), row("2", layer=OVERLAY)), MARCH) == ["2"]
    assert on_days(timeline(row("2", MARCH, layer=LIBRARY), row("1", MARCH, layer=DERIVED)), MARCH) == ["2"]


@pytest.mark.parametrize("layers", [(OVERLAY, OVERLAY), (OVERLAY, UPDATE), (LIBRARY, UPDATE), (UPDATE, UPDATE)])
def test_two_prices_from_one_day_contradict(layers: tuple[int, int]) -> None:
    first, second = layers
    with pytest.raises(ContradictionError, match=rf"1 USD in layer {first} and 2 USD in layer {second}"):
        timeline(row("1", MARCH, layer=first), row("2", MARCH, layer=second))


starts = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 1, 12)))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 5), starts, st.integers(1, 9)), max_size=8), st.dates(date(2025, 12, 30), JUNE)
)
def test_any_rows_give_what_a_search_of_all_rows_gives(rows: list[tuple[int, date | None, int]], on: date) -> None:
    made = [
        row(str(amount), start, None if start is None else date(2026, 1, min(31, start.day + length)))
        for amount, start, length in rows
    ]
    if not made:
        return
    try:
        rates = timeline(*made)
    except ContradictionError:
        return
    holding = [
        (layered.rate.valid_from or date.min, str(layered.rate.price.amount))
        for layered in made
        if (layered.rate.valid_from or date.min) <= on and (layered.rate.valid_to is None or on < layered.rate.valid_to)
    ]
    expected = max(holding, key=lambda pair: pair[0], default=(None, None))[1]
    assert on_days(rates, on) == [expected]
