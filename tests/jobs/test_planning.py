"""What is due is due once per slot, whoever asks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.source import Source
from jobs.engine import Lane
from jobs.planning import crawl_entry, crawl_job, due_sources, rhythm_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOURLY = Source(
    name="shops/hourly",
    family="new_api",
    start_urls=("https://shop.example.test/",),
    purpose="test",
    owner="tests",
    cadence=timedelta(hours=1),
)


START = rhythm_of(HOURLY).start(60_000)
JUST_AFTER = START + timedelta(seconds=1)


def test_a_source_is_due_once_in_each_slot() -> None:
    assert due_sources([HOURLY], {}, NOON) == (HOURLY,)
    assert due_sources([HOURLY], {HOURLY.name: JUST_AFTER}, START + timedelta(minutes=55)) == ()
    assert due_sources([HOURLY], {HOURLY.name: JUST_AFTER}, START + timedelta(minutes=64)) == (HOURLY,)


def test_two_schedulers_name_the_same_job_and_a_person_another() -> None:
    first = crawl_job(HOURLY, JUST_AFTER)
    assert crawl_job(HOURLY, JUST_AFTER + timedelta(minutes=30)) == first
    assert crawl_job(HOURLY, JUST_AFTER + timedelta(minutes=64)).job_id != first.job_id
    assert crawl_job(HOURLY, JUST_AFTER, asked_by_hand=True).job_id != first.job_id
    assert first.partition == "shop.example.test"
    assert first.job_id.startswith("crawl:shops/hourly:")


def test_a_source_that_keeps_failing_queues_apart_from_the_healthy() -> None:
    assert crawl_entry(HOURLY, failures_in_a_row=1).job.lane is Lane.CRAWL
    assert crawl_entry(HOURLY, failures_in_a_row=2).job.lane is Lane.SICK


def test_a_replay_says_where_from_wherever_its_worker_runs() -> None:
    assert "replay_from" not in crawl_job(HOURLY, NOON).arguments
    replay = crawl_job(HOURLY, NOON, asked_by_hand=True, replay_from=Path("saved"))
    assert replay.arguments["replay_from"] == str(Path("saved").absolute())
