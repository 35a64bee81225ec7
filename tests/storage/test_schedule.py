"""The schedule's memory on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.database import Database
from storage.schedule import Mark, Schedule
from storage.sources import KEPT_RUNS, CrawlRun, Sources

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def schedule(database: Database) -> Schedule:
    return Schedule(database, lambda: NOW)


def test_marks_move_on_and_keep_how_the_last_run_ended(schedule: Schedule) -> None:
    assert schedule.note_end("crawl:shop", "x") is None
    schedule.mark([Mark("crawl:shop", 7, 0, NOW)])
    schedule.note_end("crawl:shop", "refused")
    schedule.note_end("crawl:shop", "refused again")
    schedule.mark([Mark("crawl:shop", 8, 1, NOW + timedelta(hours=1))])
    mark = schedule.marks()["crawl:shop"]
    assert (mark.slot, mark.era, mark.error, mark.failures_in_a_row) == (8, 1, "refused again", 2)
    schedule.note_end("crawl:shop")
    assert schedule.marks()["crawl:shop"].failures_in_a_row == 0


def test_pauses_and_requests(schedule: Schedule) -> None:
    schedule.pause("purge", by="ana", reason="audit")
    schedule.pause("purge", by="ben", reason="audit goes on")
    assert schedule.pauses()["purge"].paused_by == "ben"
    assert schedule.resume("purge")
    assert not schedule.resume("purge")
    assert schedule.ask("purge", by="ana", slots=range(3, 6)) == 3
    schedule.ask("crawl:shop", by="ana")
    asked = schedule.requests()
    assert sorted((one.name, one.slot) for one in asked if one.slot is not None) == [("purge", n) for n in (3, 4, 5)]
    for one in asked:
        schedule.forget(one)
    assert schedule.requests() == ()


def test_the_newest_runs_of_a_source_are_kept(database: Database) -> None:
    sources = Sources(database)
    for hour in range(KEPT_RUNS + 3):
        sources.note_run(CrawlRun("shop", NOW + timedelta(hours=hour), 1, 0, 0, hour, 0, 0))
    runs = sources.runs()["shop"]
    assert [run.listings for run in runs] == list(range(KEPT_RUNS + 2, 2, -1))
