"""What is due is due once per slot, whoever asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.source import Source
from jobs.planning import crawl_job, due_sources, slot_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOURLY = Source(
    name="shops/hourly",
    family="new_api",
    start_urls=("https://shop.example.test/",),
    purpose="test",
    owner="tests",
    cadence=timedelta(hours=1),
)


def test_a_source_is_due_once_in_each_slot() -> None:
    assert due_sources([HOURLY], {}, NOON) == (HOURLY,)
    assert due_sources([HOURLY], {HOURLY.name: NOON}, NOON + timedelta(minutes=59)) == ()
    assert due_sources([HOURLY], {HOURLY.name: NOON}, NOON + timedelta(minutes=60)) == (HOURLY,)


def test_two_schedulers_name_the_same_job_and_a_person_another() -> None:
    first = crawl_job(HOURLY, NOON)
    assert crawl_job(HOURLY, NOON + timedelta(minutes=30)) == first
    assert crawl_job(HOURLY, NOON + timedelta(minutes=61)).job_id != first.job_id
    assert crawl_job(HOURLY, NOON, asked_by_hand=True).job_id != first.job_id
    assert first.partition == "shop.example.test"


def test_slots_do_not_depend_on_daylight_saving_or_midnight() -> None:
    day = replace(HOURLY, cadence=timedelta(days=1))
    before = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    assert slot_of(day.cadence, before + timedelta(hours=1)) == slot_of(day.cadence, before) + 1
    assert slot_of(day.cadence, before + timedelta(hours=24)) == slot_of(day.cadence, before) + 1


def test_a_replay_says_where_from_wherever_its_worker_runs() -> None:
    assert "replay_from" not in crawl_job(HOURLY, NOON).arguments
    replay = crawl_job(HOURLY, NOON, asked_by_hand=True, replay_from=Path("saved"))
    assert replay.arguments["replay_from"] == str(Path("saved").absolute())
