"""Who works on this store: each process says that it lives, and one that is silent is taken out for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update

from domain.clock import Clock, utc_now
from storage.database import Database
from storage.errors import WorkerLostError
from storage.scheduler_lock import Holder
from storage.tables import workers

SILENT_AFTER: Final = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that does jobs; `executor` is its name in the engine, never used twice."""

    executor: str
    host: str
    process_id: int
    process_started: str
    started_at: datetime
    heartbeat_at: datetime


class Workers:
    """The processes at work. Whoever is taken out here has lost its jobs to others and must end."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def join(self, executor: str, process: Holder) -> None:
        """A process begins; before it takes its first job, so that nobody takes it for dead."""
        now = self._clock()
        row = Worker(executor, process.host, process.process_id, process.process_started, now, now)
        with self._database.writing() as connection:
            connection.execute(insert(workers), {name: getattr(row, name) for name in Worker.__slots__})

    def heartbeat(self, executor: str) -> None:
        """Say that it lives; raises WorkerLostError where it was taken out."""
        with self._database.writing() as connection:
            beat = update(workers).where(workers.c.executor == executor).values(heartbeat_at=self._clock())
            if connection.execute(beat).rowcount != 1:
                raise WorkerLostError(
                    f"this worker ({executor}) was silent for more than {SILENT_AFTER.total_seconds():.0f} s, so that "
                    "its jobs were given to others; it stops. Start it again; see whether the machine was asleep"
                )

    def leave(self, executor: str) -> None:
        """A process ends; what it left running is free at once."""
        with self._database.writing() as connection:
            connection.execute(delete(workers).where(workers.c.executor == executor))

    def all(self) -> tuple[Worker, ...]:
        """Every process that has not left, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(workers).order_by(workers.c.started_at, workers.c.executor))
            return tuple(Worker(*row) for row in rows)

    def take_out(self, executor: str) -> None:
        """A process is dead, or as good as: its next heartbeat, should there be one, tells it so."""
        self.leave(executor)
