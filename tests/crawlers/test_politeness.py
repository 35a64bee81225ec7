"""The manners as arithmetic: no gap under a floor in ten thousand requests, pauses that double, budgets that hold."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.politeness import (
    GENERAL_FLOOR,
    LONGEST_PAUSE_SECONDS,
    LONGEST_STATED_PAUSE_SECONDS,
    PUBLISHED_FLOORS,
    HostState,
    Pace,
    after_answer,
    after_refusal,
    after_success,
    ask_turn,
    asked_pause_seconds,
    gap_seconds,
    pace_for,
)
from domain.source import Manners

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PACE = Pace(least_seconds=10.0, delay_seconds=10.0, pages_per_day=500)


def seconds(amount: float) -> timedelta:
    return timedelta(seconds=amount)


def test_no_gap_is_under_the_floor_in_ten_thousand_requests() -> None:
    dice = random.Random(7)
    state, now = HostState(), NOON
    endless = replace(PACE, pages_per_day=100_000)
    starts: list[datetime] = []
    while len(starts) < 10_000:
        state, turn = ask_turn(state, endless, now, dice.random())
        if not turn.granted:
            now = max(turn.next_at, now + seconds(dice.random()))
            continue
        starts.append(now)
        # A second asker, in another process perhaps, gets no turn while the first waits for its answer.
        state, second = ask_turn(state, endless, now + seconds(dice.random() * 30), dice.random())
        assert not second.granted
        now += seconds(dice.expovariate(1.0))
        state = after_answer(state, endless, now, dice.random(), status=200)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(starts)]
    assert min(gaps) >= GENERAL_FLOOR.delay_seconds
    assert max(gaps) < 12 + 15 + 1


@given(st.floats(0, 1), st.floats(0, 1_000), st.floats(0, 1_000), st.floats(0, 1_000))
def test_jitter_is_a_fifth_and_never_under_the_least(
    randomness: float, delay: float, crawl_delay: float, wish: float
) -> None:
    pace = pace_for("shop.example.test", Manners(delay_seconds=wish), crawl_delay_seconds=crawl_delay)
    gap = gap_seconds(pace, randomness)
    assert gap >= max(GENERAL_FLOOR.delay_seconds, crawl_delay)
    assert gap <= pace.delay_seconds * 1.2 + 1e-9
    assert gap >= pace.delay_seconds * 0.8


def test_a_source_may_be_gentler_and_never_rougher() -> None:
    assert pace_for("shop.example.test", Manners(delay_seconds=0.1)).delay_seconds == GENERAL_FLOOR.delay_seconds
    assert pace_for("shop.example.test", Manners(delay_seconds=60)).delay_seconds == 60
    assert pace_for("shop.example.test", Manners(pages_per_day=9_999)).pages_per_day == 500
    assert pace_for("shop.example.test", Manners(pages_per_day=9)).pages_per_day == 9
    assert pace_for("api.github.com", Manners(delay_seconds=1.0)).delay_seconds == 2.0
    assert pace_for("t.me", Manners(delay_seconds=1.0)).delay_seconds == GENERAL_FLOOR.delay_seconds


def test_every_floor_under_the_general_one_is_for_a_published_interface_and_says_where() -> None:
    for host, floor in PUBLISHED_FLOORS.items():
        assert floor.delay_seconds >= 2.0, host
        assert ": " in floor.reason, host


def test_a_crawl_delay_of_the_host_holds() -> None:
    pace = pace_for("shop.example.test", Manners(), crawl_delay_seconds=45)
    assert gap_seconds(pace, 0.0) == 45


def test_the_gap_runs_from_the_end_of_a_slow_answer() -> None:
    state, turn = ask_turn(HostState(), PACE, NOON, 0.5)
    assert turn.granted
    state = after_answer(state, PACE, NOON + seconds(25), 0.0, status=200)
    assert state.next_turn_at == NOON + seconds(35)


def test_a_crawl_that_dies_leaves_the_host_alone_for_longer_than_a_gap() -> None:
    state, _ = ask_turn(HostState(), PACE, NOON, 0.0)
    _, turn = ask_turn(state, PACE, NOON + seconds(60), 0.0)
    assert not turn.granted
    _, turn = ask_turn(state, PACE, NOON + seconds(71), 0.0)
    assert turn.granted


def test_refusals_double_up_to_a_day_and_begin_again_after_a_page_that_was_understood() -> None:
    state, now, pauses = HostState(), NOON, []
    for _ in range(14):
        state = after_answer(state, PACE, now, 0.0, status=429)
        assert state.paused_until is not None
        pauses.append((state.paused_until - now).total_seconds())
        now = state.paused_until
    assert pauses[:5] == [60, 120, 240, 480, 960]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS
    state = after_answer(after_success(state), PACE, now, 0.0, status=503)
    assert state.paused_until == now + seconds(60)


def test_one_refusal_told_by_status_and_by_page_counts_once() -> None:
    state = after_answer(HostState(), PACE, NOON, 0.0, status=429)
    state = after_refusal(state, NOON + seconds(1), asked_seconds=None, reason="rate_limited")
    assert state.back_off_level == 1
    state = after_refusal(state, NOON + seconds(1), asked_seconds=500, reason="rate_limited")
    assert state.paused_until == NOON + seconds(501)


def test_an_answer_that_was_under_way_does_not_end_a_pause() -> None:
    state = after_refusal(HostState(), NOON, asked_seconds=300, reason="blocked")
    state = after_answer(state, PACE, NOON + seconds(2), 0.0, status=200)
    _, turn = ask_turn(state, PACE, NOON + seconds(200), 0.0)
    assert not turn.granted
    assert turn.next_at == NOON + seconds(300)
    assert turn.reason == "blocked"


def test_a_longer_wish_of_the_host_is_kept_and_a_shorter_one_does_not_shorten_ours() -> None:
    assert after_answer(HostState(), PACE, NOON, 0.0, status=503, asked_seconds=4_000).paused_until == NOON + seconds(
        4_000
    )
    assert after_answer(HostState(), PACE, NOON, 0.0, status=503, asked_seconds=1).paused_until == NOON + seconds(60)
    assert after_answer(HostState(), PACE, NOON, 0.0, status=403, asked_seconds=30).paused_until == NOON + seconds(30)


def test_the_budget_ends_with_the_day() -> None:
    state, pace, now = HostState(), replace(PACE, pages_per_day=3), NOON
    for _ in range(3):
        state, turn = ask_turn(state, pace, now, 0.0)
        assert turn.granted
        now += seconds(100)
    state, turn = ask_turn(state, pace, now, 0.0)
    assert turn.over_budget
    assert turn.next_at == datetime(2026, 3, 2, tzinfo=UTC)
    state, turn = ask_turn(state, pace, turn.next_at, 0.0)
    assert turn.granted
    assert state.pages_today == 1


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (429, {"retry-after": "120"}, 120),
        (429, {"retry-after": " 120 "}, 120),
        (503, {"retry-after": "Sun, 01 Mar 2026 12:05:00 GMT"}, 300),
        (503, {"retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}, 0),
        (429, {"retry-after": "99999999999999999999"}, LONGEST_STATED_PAUSE_SECONDS),
        (429, {"retry-after": "soon"}, None),
        (429, {"retry-after": "-5"}, None),
        (429, {"retry-after": "١٢٠"}, None),
        (429, {}, None),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOON.timestamp()) + 90)}, 90),
        (403, {"x-ratelimit-remaining": "7", "x-ratelimit-reset": str(int(NOON.timestamp()) + 90)}, None),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 30}, LONGEST_STATED_PAUSE_SECONDS),
        (403, {"x-ratelimit-remaining": "0"}, None),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOON.timestamp()) + 9)}, 9),
        (200, {"retry-after": "120"}, None),
        (304, {}, None),
    ],
)
def test_what_a_host_asks_for(status: int, headers: dict[str, str], expected: float | None) -> None:
    assert asked_pause_seconds(status, headers, NOON) == expected


@given(st.text(max_size=70), st.integers(100, 599))
def test_no_header_makes_it_raise(value: str, status: int) -> None:
    headers = {"retry-after": value, "x-ratelimit-remaining": "0", "x-ratelimit-reset": value}
    asked = asked_pause_seconds(status, headers, NOON)
    assert asked is None or 0 <= asked <= LONGEST_STATED_PAUSE_SECONDS
