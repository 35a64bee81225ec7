"""The engine port's promises, on DBOS over SQLite."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from jobs.dbos_engine import DbosEngine, EngineError
from jobs.engine import Handler, Job, JobState

pytestmark = pytest.mark.slow

MakeEngine = Callable[[Mapping[str, Handler]], DbosEngine]


@pytest.fixture
def make_engine(tmp_path: Path) -> Iterator[MakeEngine]:
    made: list[DbosEngine] = []

    def make(handlers: Mapping[str, Handler]) -> DbosEngine:
        engine = DbosEngine(f"sqlite:///{tmp_path / 'engine.sqlite'}", "test", handlers, crawls_at_once=2)
        made.append(engine)
        engine.launch()
        return engine

    yield make
    for engine in made:
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
