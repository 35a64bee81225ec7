"""A parser that quietly reads less is flagged at the second such crawl, and a quiet place is not."""

from datetime import UTC, datetime, timedelta

from domain.reading import ReadingState
from domain.source import Source
from line.source_health import faults, halved
from storage.sources import CrawlRun, SourceState

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SHOP = Source("shops/made", "new_api", ("https://shop.example.test/",), "test", "tests", timedelta(hours=1))


def run(listings: int, *, priced: int | None = None, unchanged: int = 0, refused: int = 0) -> CrawlRun:
    priced = listings if priced is None else priced
    return CrawlRun(SHOP.name, NOW, 4, refused, unchanged, listings, priced, listings)


def state(last_success_at: datetime | None) -> SourceState:
    return SourceState(SHOP.name, ReadingState.FRESH, "", NOW, last_success_at, 4, 0, 0, 9, 0)


def found(*runs: CrawlRun, last_success_at: datetime | None = NOW) -> list[str]:
    return [fault.found for fault in faults(SHOP, state(last_success_at), runs, NOW)]


def test_a_halved_yield_is_flagged_at_the_second_crawl() -> None:
    usual = [run(40), run(42), run(38)]
    assert found(run(12), *usual) == []
    (said,) = found(run(15), run(12), *usual)
    assert said == "the last 2 crawls brought 15 and 12 listings, 40 were usual"
    assert halved([5, 5, 9]) is None, "one crawl before says nothing of what is usual"


def test_a_field_that_is_read_no_more_is_flagged_though_listings_come() -> None:
    (said,) = found(run(40, priced=1), run(40, priced=0), run(40), run(41))
    assert "listings with a price" in said


def test_crawls_that_say_nothing_of_the_parser_do_not_count() -> None:
    assert found(run(0, unchanged=4), run(0, unchanged=4), run(40), run(40)) == []
    (said,) = found(run(0, refused=3), run(40), run(40))
    assert "3 of 4 pages of the last crawl were refused" in said


def test_a_stale_source_is_flagged_after_three_cadences() -> None:
    assert found(last_success_at=NOW - timedelta(hours=3)) == []
    assert "last read well 3.5 h ago" in found(last_success_at=NOW - timedelta(hours=3, minutes=30))[0]
    assert "never read well" in found(last_success_at=None)[0]
