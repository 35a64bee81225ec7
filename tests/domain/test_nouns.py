"""The nouns refuse what would be silently wrong later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from domain.clock import NaiveTimeError, require_utc
from domain.comparison import Comparison, IntervalError, Refusal, Share
from domain.finding import Lane
from domain.listing import Listing, Reach
from domain.money import CurrencyError, Money

LISTING = Listing(
    source="shops/example",
    external_id="42",
    url="https://shop.example.test/42",
    platform="card_shop",
    title="Claude Pro month card",
    text="own mail, 30 days",
    observed_at=datetime(2026, 11, 1, tzinfo=UTC),
)


def test_a_time_without_a_zone_is_refused_and_any_other_becomes_utc() -> None:
    with pytest.raises(NaiveTimeError, match=r"Listing\.observed_at has no time zone"):
        replace(LISTING, observed_at=datetime(2026, 11, 1))  # noqa: DTZ001
    shanghai = timezone(timedelta(hours=8))
    assert require_utc(datetime(2026, 11, 1, 8, tzinfo=shanghai), what="a time").hour == 0


@pytest.mark.parametrize("code", ["", "cny", "元", "US DOLLARS", "Y"])
def test_a_currency_is_a_code(code: str) -> None:
    with pytest.raises(CurrencyError):
        Money(Decimal(1), code)


def test_money_is_finite() -> None:
    with pytest.raises(CurrencyError, match="not a finite amount"):
        Money(Decimal("NaN"), "USD")


def test_a_version_of_a_listing_depends_on_what_it_says_alone() -> None:
    seen_later = replace(LISTING, observed_at=datetime(2026, 11, 9, tzinfo=UTC), reach=Reach(stock=3, views=900))
    assert seen_later.content_hash == LISTING.content_hash
    assert replace(LISTING, text="own mail, 31 days").content_hash != LISTING.content_hash


def test_a_comparison_gives_a_share_or_a_refusal() -> None:
    share = Share(Decimal("0.1"), Decimal("0.11"), Decimal("0.12"))
    assert Comparison(share, None).share is share
    with pytest.raises(IntervalError):
        Comparison(None, None)
    with pytest.raises(IntervalError):
        Comparison(share, Refusal.NO_PRICE)
    with pytest.raises(IntervalError, match="out of order"):
        Share(Decimal(2), Decimal(1), Decimal(3))


def test_lanes_are_ranked_gravest_first() -> None:
    assert sorted(Lane, key=lambda lane: lane.rank)[0] is Lane.CREDENTIAL_ABUSE
    assert Lane.NONE.rank == len(Lane) - 1


def test_a_picture_whose_address_rotates_keeps_its_version() -> None:
    before = replace(LISTING, images=("https://cdn1.example.test/a1.jpg#chan/42",))
    after = replace(LISTING, images=("https://cdn9.example.test/b2.jpg#chan/42",))
    assert before.content_hash == after.content_hash
    other = replace(LISTING, images=("https://cdn1.example.test/a1.jpg",))
    assert other.content_hash != before.content_hash
