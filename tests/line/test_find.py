"""A listing over time, and search as the command line asks for it."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.listing import Listing, PriceField, Reach
from line.find import ListingHistory, SearchWordError, differences, search_of, spells
from storage.histories import ListingState, Sighting

START = datetime(2026, 11, 1, tzinfo=UTC)


def listing(text: str, *prices: str) -> Listing:
    fields = tuple(PriceField(price) for price in prices)
    return Listing("market/example", "1", "https://x.example.test/", "market", "额度", text, START, prices=fields)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def history(seen: list[int], gone: list[int]) -> ListingHistory:
    sightings = tuple(Sighting(1, day(number), Reach()) for number in seen)
    state = ListingState(day(seen[0]), day(seen[-1]), 1, len(gone), None, None)
    return ListingHistory("market/example", "1", state, (), sightings, tuple(map(day, gone)), ())


def test_what_changed_between_versions_is_shown_line_by_line() -> None:
    found = differences(listing("first line\nsecond", "100 CNY"), listing("first line\nother", "80 CNY"))
    assert [line for line in found if line[0] in "+-"] == ["-second", "-price: 100 CNY", "+other", "+price: 80 CNY"]


def test_gone_and_back_again_are_two_spells() -> None:
    assert spells(history([0, 1, 5, 6], [2, 3])) == [(day(0), day(1), True), (day(5), day(6), False)]


def test_what_was_merely_not_seen_is_no_gap() -> None:
    assert spells(history([0, 30], [])) == [(day(0), day(30), False)]


def test_a_word_that_is_no_lane_is_refused() -> None:
    assert search_of("额度", {"lane": ("pooled_relay",)}).lanes
    with pytest.raises(SearchWordError, match="nonsense"):
        search_of("", {"lane": ("nonsense",)})
