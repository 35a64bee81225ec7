"""What a store needs by the clock: search kept up, its head signed each hour, bodies forgotten each night.

Each chore is a job whose id names its slot, so that it is done once however many processes ask for it. A schedule of
the engine's own may call `do_chore` just as well.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from domain.clock import utc_now
from domain.errors import UndercutError
from domain.report import ReportState
from jobs.engine import Engine, Job, JsonObject
from line.keeping import purge_bodies, sign_newest_head
from line.report_recheck import recheck_reports
from storage.console_memory import ConsoleMemory
from storage.store import Store

HOUSEKEEP: Final = "housekeep"
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done every so often, `after` the hour or day begins."""

    every: timedelta
    after: timedelta
    do: Callable[[Store], JsonObject]

    def slot(self, now: datetime) -> int:
        """The number of the slot that is open now."""
        return (now - self.after - _EPOCH) // self.every


def _index(store: Store) -> JsonObject:
    return {"indexed": store.search.catch_up()}


def _sign(store: Store) -> JsonObject:
    return {"entry": sign_newest_head(store).head.seq}


def _purge(store: Store) -> JsonObject:
    report = purge_bodies(store, actor="housekeeping")
    return {"bodies": sum(report.bodies.values()), "bytes": report.body_bytes, "held": report.held}


def _recheck(store: Store) -> JsonObject:
    looked = recheck_reports(ConsoleMemory(store), utc_now())
    return {"looked": len(looked), "returned": sum(1 for one in looked if one.state is ReportState.RETURNED)}


CHORES: Final[Mapping[str, Chore]] = {
    "search": Chore(timedelta(minutes=1), timedelta(), _index),
    "sign_head": Chore(timedelta(hours=1), timedelta(), _sign),
    "purge": Chore(timedelta(days=1), timedelta(hours=3), _purge),
    "recheck_reports": Chore(timedelta(days=1), timedelta(hours=3), _recheck),
}


def do_chore(name: str, store: Store) -> JsonObject:
    """Do one chore now: what came of it. Raises UndercutError for a name that is none."""
    chore = CHORES.get(name)
    if chore is None:
        raise UndercutError(f"no chore is called {name!r}; there are {', '.join(sorted(CHORES))}")
    return chore.do(store)


class Housekeeping:
    """Asks the engine for the chores of this moment, each once a slot, and does them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: dict[str, int] = {}

    def handle(self, arguments: JsonObject) -> JsonObject:
        """The job."""
        return do_chore(str(arguments["chore"]), self._store)

    def ask(self, engine: Engine, now: datetime) -> None:
        """Start what is due; the engine passes over what was done in its slot already, by whomever."""
        for job in self._due(now):
            engine.run_now(job)

    def _due(self, now: datetime) -> Iterator[Job]:
        for name, chore in CHORES.items():
            slot = chore.slot(now)
            if self._asked.get(name) != slot:
                self._asked[name] = slot
                yield Job(HOUSEKEEP, f"{HOUSEKEEP}:{name}:{slot}", HOUSEKEEP, {"chore": name})
