"""A source's row says how it fares: state, last success, yield against what its file expects, part of refusals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.reading import ReadingState
from domain.source import Expectation, Source
from line.sources import COLUMNS, SourceRow
from storage.sources import LastCrawl, SourceState

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCE = Source(
    name="forums/example",
    family="discourse",
    start_urls=("https://forum.example.test/",),
    purpose="test",
    owner="tests",
    cadence=timedelta(hours=6),
    expectation=Expectation(5, 20),
)
STATE = SourceState("forums/example", ReadingState.FRESH, "", NOW, NOW, 8, 2, 0, 40, 0)


def row(listings: int | None, state: SourceState | None = STATE) -> SourceRow:
    crawl = None if listings is None else LastCrawl(SOURCE.name, NOW, 3, 0, listings)
    return SourceRow(SOURCE, state, crawl, None, "terms of discourse reviewed by A. Person on 2026-11-01")


@pytest.mark.parametrize(("listings", "met"), [(4, False), (5, True), (20, True), (21, False), (None, None)])
def test_the_yield_is_held_against_the_expectation(listings: int | None, met: bool | None) -> None:
    assert row(listings).expectation_met is met
    assert row(listings).as_json()["expectation_met"] is met


def test_the_table_has_a_cell_for_each_column() -> None:
    cells = dict(zip(COLUMNS, row(7).cells(), strict=True))
    assert (cells["yield"], cells["expected"], cells["met"], cells["blocked"]) == ("7", "5 to 20", "yes", "25%")
    never = dict(zip(COLUMNS, row(None, None).cells(), strict=True))
    assert (never["state"], never["last success"], never["yield"], never["blocked"]) == ("never read", "never", "", "")


def test_what_programs_get() -> None:
    said = row(3).as_json()
    assert (said["block_rate"], said["permission"]) == (0.25, "terms of discourse reviewed by A. Person on 2026-11-01")
    assert said["last_crawl"] == {
        "ended_at": NOW.isoformat(), "pages": 3, "refused_pages": 0, "yield": 3, "ended_early": "",
    }  # fmt: skip
    assert replace(row(3), refusal="disabled in its file").as_json()["runs"] is False
