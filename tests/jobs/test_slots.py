"""Slots follow one another without a gap, whatever the name, and never know of daylight saving."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.slots import Rhythm, chance, spread_rhythm

HOUR = timedelta(hours=1)


@given(st.text(max_size=20), st.integers(min_value=60, max_value=10**7), st.integers(min_value=0, max_value=5000))
def test_a_slot_begins_where_the_one_before_ends(name: str, seconds: int, slot: int) -> None:
    rhythm = spread_rhythm(name, timedelta(seconds=seconds))
    start, after = rhythm.start(slot), rhythm.start(slot + 1)
    assert start < after
    assert rhythm.slot(start) == slot
    assert rhythm.slot(after - timedelta(microseconds=1)) == slot
    assert rhythm.slot(after) == slot + 1


def test_the_hours_that_daylight_saving_moves_have_one_slot_each() -> None:
    rhythm = Rhythm("hourly", HOUR)
    for day in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        slots = [rhythm.slot(day + n * HOUR) for n in range(25)]
        assert slots == list(range(slots[0], slots[0] + 25))


def test_chance_is_even_and_always_the_same() -> None:
    drawn = [chance(f"source-{n}") for n in range(4000)]
    assert drawn == [chance(f"source-{n}") for n in range(4000)]
    quarters = [sum(quarter / 4 <= one < (quarter + 1) / 4 for one in drawn) for quarter in range(4)]
    assert min(quarters) > 900
