"""Chores by the clock: each once a slot, whoever asks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import UndercutError
from jobs.engine import Job
from jobs.housekeeping import CHORES, Housekeeping, do_chore
from storage.store import Store, open_store

NOW = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)


class Engine:
    """Writes down what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def run_now(self, job: Job) -> None:
        self.asked.append(str(job.arguments["chore"]))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)


def test_each_chore_is_asked_for_once_a_slot(store: Store) -> None:
    engine, keeping = Engine(), Housekeeping(store)
    for seconds in (0, 5, 10):
        keeping.ask(engine, NOW + timedelta(seconds=seconds))  # type: ignore[arg-type]
    assert sorted(engine.asked) == ["purge", "recheck_reports", "search", "sign_head"]
    keeping.ask(engine, NOW + timedelta(hours=1))  # type: ignore[arg-type]
    assert sorted(engine.asked[4:]) == ["search", "sign_head"]
    keeping.ask(engine, NOW + timedelta(hours=15))  # type: ignore[arg-type]
    assert sorted(engine.asked[6:]) == ["purge", "recheck_reports", "search", "sign_head"]


def test_every_chore_does_its_work_on_an_empty_store(store: Store) -> None:
    done = {name: do_chore(name, store) for name in CHORES}
    assert done == {
        "search": {"indexed": 0},
        "sign_head": {"entry": 0},
        "purge": {"bodies": 0, "bytes": 0, "held": 0},
        "recheck_reports": {"looked": 0, "returned": 0},
    }
    with pytest.raises(UndercutError, match="no chore"):
        do_chore("dance", store)
