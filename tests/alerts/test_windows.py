"""Windows open and close by the clock on the wall, across midnight and when the clocks change."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from alerts.windows import Window, next_at


def window(**fields: Any) -> Window:
    return Window.model_validate({"from" if name == "begin" else name: value for name, value in fields.items()})


def utc(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


NIGHT = window(begin="22:00", to="07:00", timezone="Europe/Paris")


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        (utc(24, 20, 59), None),
        (utc(24, 21), utc(25, 6)),
        (utc(24, 23, 30), utc(25, 6)),
        (utc(25, 5, 59), utc(25, 6)),
        (utc(25, 6), None),
    ],
)
def test_a_night_runs_past_midnight(moment: datetime, ends: datetime | None) -> None:
    assert NIGHT.ends_at(moment) == ends
    assert NIGHT.is_open(moment) is (ends is not None)


def test_days_are_those_on_which_it_begins() -> None:
    friday = window(begin="18:00", to="08:00", days=["fri"])
    assert friday.is_open(utc(27, 19))  # 2026-11-27 is a Friday
    assert friday.is_open(utc(28, 7))
    assert not friday.is_open(utc(26, 19))
    assert not friday.is_open(utc(28, 19))


def test_a_window_from_a_time_to_itself_lasts_a_day() -> None:
    assert window(begin="09:00", to="09:00").ends_at(utc(24, 8)) == utc(24, 9)


def test_a_night_is_an_hour_shorter_when_the_clocks_go_forward() -> None:
    begins, ends = utc(28, 21, month=3), NIGHT.ends_at(utc(28, 21, month=3))
    assert ends == utc(29, 5, month=3)
    assert ends - begins == timedelta(hours=8)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"begin": "22:00", "to": "7"}, "HH:MM"),
        ({"begin": "25:00", "to": "07:00"}, "time"),
        ({"begin": 79200, "to": "07:00"}, "HH:MM"),
        ({"begin": "22:00", "to": "07:00", "timezone": "Paris"}, "no time zone"),
        ({"begin": "22:00", "to": "07:00", "timezone": "../../etc/passwd"}, "no time zone"),
        ({"begin": "22:00", "to": "07:00", "days": ["someday"]}, "mon"),
        ({"begin": "22:00", "to": "07:00", "days": []}, "at least 1"),
        ({"begin": "22:00", "until": "07:00"}, "to"),
    ],
)
def test_what_is_no_window_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        window(**fields)


MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(MOMENTS, st.sampled_from(["UTC", "Europe/Paris", "Asia/Shanghai"]))
def test_a_time_of_day_comes_round_within_a_day_and_an_hour(moment: datetime, zone: str) -> None:
    following = next_at(moment, time(8), zone)
    assert moment < following <= moment + timedelta(hours=25)


@given(MOMENTS)
def test_an_open_window_ends_later_than_now(moment: datetime) -> None:
    ends = NIGHT.ends_at(moment)
    assert ends is None or moment < ends <= moment + timedelta(hours=10)
