"""Waits double up to five minutes, spread by chance, and give way to what a receiver asks for."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.backoff import is_hopeless, wait_seconds
from tests.alerts.conftest import NOON


@pytest.mark.parametrize(
    ("attempts", "draw", "asked", "seconds"),
    [(0, 0.0, None, 2.5), (0, 0.999999, None, 5), (1, 0.0, None, 5), (3, 0.0, None, 20), (6, 0.0, None, 150)],
)
def test_waits_double(attempts: int, draw: float, asked: float | None, seconds: float) -> None:
    assert wait_seconds(attempts, draw, asked) == pytest.approx(seconds, rel=1e-3)


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e6))
def test_a_wait_is_never_longer_than_five_minutes_or_what_was_asked(
    attempts: int, draw: float, asked: float | None
) -> None:
    assert 2.5 <= wait_seconds(attempts, draw, asked) <= max(300, min(asked or 0, 3600))


def test_what_a_receiver_asks_for_is_honoured_up_to_an_hour() -> None:
    assert wait_seconds(0, 0.5, 60) == 60
    assert wait_seconds(8, 0.0, 1) == 150
    assert wait_seconds(0, 0.5, 1e9) == 3600


def test_a_day_of_attempts_is_enough() -> None:
    assert not is_hopeless(None, NOON)
    assert not is_hopeless(NOON - timedelta(hours=23, minutes=59), NOON)
    assert is_hopeless(NOON - timedelta(hours=24), NOON)
