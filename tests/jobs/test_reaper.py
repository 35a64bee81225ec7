"""Who is dead, and that only the dead lose their jobs."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from jobs.reaper import Reaper
from storage.errors import WorkerLostError
from storage.scheduler_lock import Holder
from storage.store import Store, open_store


class Engine:
    """Writes down whom it was told to leave alone."""

    def __init__(self) -> None:
        self.living: list[Collection[str]] = []

    def take_over(self, living: Callable[[], Collection[str]]) -> tuple[str, ...]:
        self.living.append(living())
        return ()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)


def test_one_of_this_machine_is_dead_when_its_process_is_gone(store: Store) -> None:
    store.workers.join("alive", Holder("t", "here", 10, "100"))
    store.workers.join("gone", Holder("t", "here", 11, "100"))
    store.workers.join("another", Holder("t", "here", 12, "100"))
    engine = Engine()
    starts = {10: "100", 12: "999"}
    Reaper(store.workers, engine, "here", started=lambda number: starts.get(number, "")).look()  # type: ignore[arg-type]
    assert engine.living == [{"alive"}]
    with pytest.raises(WorkerLostError, match="silent"):
        store.workers.heartbeat("gone")


def test_one_of_another_machine_is_dead_when_its_heartbeat_stands_still(store: Store) -> None:
    store.workers.join("far", Holder("t", "there", 10, "100"))
    engine, now = Engine(), [0.0]
    reaper = Reaper(store.workers, engine, "here", steady=lambda: now[0])  # type: ignore[arg-type]
    for at in (0.0, 40.0):
        now[0] = at
        reaper.look()
    store.workers.heartbeat("far")
    for at in (50.0, 90.0):
        now[0] = at
        reaper.look()
    assert engine.living[-1] == {"far"}
    now[0] = 96.0
    reaper.look()
    assert engine.living[-1] == set()
