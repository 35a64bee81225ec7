"""The engine port's promises, on DBOS over SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

import pytest

from domain.clock import utc_now
from jobs.dbos_engine import DbosEngine, EngineError
from jobs.engine import Handler, Job, JobLetGo, JobState

pytestmark = pytest.mark.slow

MakeEngine = Callable[[Mapping[str, Handler]], DbosEngine]


@pytest.fixture
def make_engine(empty_database_url: str) -> Iterator[MakeEngine]:
    made: list[DbosEngine] = []

    def make(handlers: Mapping[str, Handler]) -> DbosEngine:
        engine = DbosEngine(empty_database_url, f"test-{len(made)}", handlers, crawls_at_once=2, unrecorded_seconds=0.5)
        made.append(engine)
        engine.launch()
        return engine

    yield make
    for engine in made[-1:]:
        engine.close()


def test_a_job_runs_once_however_often_it_is_asked_for(make_engine: MakeEngine) -> None:
    ran: list[object] = []

    def handler(arguments: Mapping[str, object]) -> Mapping[str, object]:
        ran.append(arguments["page"])
        return {"seen": arguments["page"]}

    engine = make_engine({"crawl": handler})
    job = Job("crawl", "crawl:shop:1", "shop.example.test", {"page": 7})
    engine.enqueue(job)
    engine.enqueue(job)
    status = engine.wait(job.job_id)
    assert (status.state, status.result) == (JobState.SUCCEEDED, {"seen": 7})
    engine.enqueue(job)
    assert engine.wait(job.job_id).state is JobState.SUCCEEDED
    assert ran == [7]


def test_a_failing_job_is_a_status_with_its_error(make_engine: MakeEngine) -> None:
    def handler(arguments: Mapping[str, object]) -> Mapping[str, object]:
        raise ValueError("the page bit back")

    engine = make_engine({"crawl": handler})
    engine.enqueue(Job("crawl", "crawl:shop:2", "shop.example.test"))
    status = engine.wait("crawl:shop:2")
    assert status.state is JobState.FAILED
    assert "the page bit back" in str(status.error)


def test_a_job_started_at_once_needs_no_queue(make_engine: MakeEngine) -> None:
    engine = make_engine({"deliver": lambda arguments: {"delivered": 3}})
    engine.run_now(Job("deliver", "deliver:1", "outbox"))
    assert engine.wait("deliver:1").result == {"delivered": 3}


def test_an_unknown_kind_or_job_is_named(make_engine: MakeEngine) -> None:
    engine = make_engine({"crawl": lambda arguments: {}})
    with pytest.raises(EngineError, match="no handler for jobs of kind 'bake'"):
        engine.enqueue(Job("bake", "bake:1", "kitchen"))
    with pytest.raises(EngineError, match="no job 'crawl:never'"):
        engine.wait("crawl:never")
    assert engine.status("crawl:never") is None


def test_a_job_that_was_let_go_is_taken_up_by_the_next_executor(make_engine: MakeEngine) -> None:
    def let_go(arguments: Mapping[str, object]) -> Mapping[str, object]:
        raise JobLetGo

    first = make_engine({"crawl": let_go})
    first.enqueue(Job("crawl", "crawl:shop:3", "shop.example.test"))
    status = first.wait("crawl:shop:3")
    assert status.state is JobState.FAILED
    assert "taken up again" in str(status.error)
    first.close()

    second = make_engine({"crawl": lambda arguments: {"done": True}})
    assert second.take_over(lambda: {"test-0"}) == ()
    assert second.take_over(set) == ("crawl:shop:3",)
    assert second.wait("crawl:shop:3").result == {"done": True}


def test_waiting_ends_where_the_end_of_a_job_cannot_be_recorded(make_engine: MakeEngine) -> None:
    engine = make_engine({"crawl": lambda arguments: {"done": True}})
    database = engine._dbos._sys_db  # the peer whose failure is staged; nothing of ours is replaced

    def cannot(*arguments: object, **named: object) -> None:
        raise BaseException("no space left on device")

    database.record_operation_result = cannot  # type: ignore[method-assign]
    engine.enqueue(Job("crawl", "crawl:shop:4", "shop.example.test"))
    status = engine.wait("crawl:shop:4")
    assert status.state is JobState.FAILED
    assert "could not be recorded" in str(status.error)


def test_ended_jobs_are_purged_and_the_backlog_is_counted(make_engine: MakeEngine) -> None:
    engine = make_engine({"crawl": lambda arguments: {}})
    for number in range(3):
        engine.enqueue(Job("crawl", f"crawl:shop:{number}", f"shop-{number}.example.test"))
    for number in range(3):
        engine.wait(f"crawl:shop:{number}")
    assert engine.purge(utc_now() - timedelta(days=1)) == 0
    assert engine.purge(utc_now() + timedelta(seconds=5)) == 3
    assert engine.status("crawl:shop:1") is None
    backlog = engine.backlog()
    assert (backlog.waiting, backlog.running, backlog.oldest_waiting_at) == (0, 0, None)
