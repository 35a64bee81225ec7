"""What the schedule remembers between two looks: marks, pauses, and runs that people asked for."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from domain.clock import Clock, utc_now
from storage.database import Database
from storage.statements import insert_or_update
from storage.tables import schedule_marks, schedule_pauses, schedule_requests


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest slot that a scheduled job came to, when, and how the job's last run ended (`error` empty: well).

    `era` counts how often the clock was found set back, so that a slot that comes again has an id of its own.
    """

    name: str
    slot: int
    era: int
    enqueued_at: datetime
    ended_at: datetime | None = None
    error: str = ""
    failures_in_a_row: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A scheduled job that somebody paused."""

    name: str
    paused_by: str
    reason: str
    paused_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """A run that somebody asked for: of a slot, or one of its own."""

    request: str
    name: str
    slot: int | None
    asked_by: str
    asked_at: datetime


class Schedule:
    """The schedule's memory."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def marks(self) -> dict[str, Mark]:
        """Every mark by name."""
        with self._database.reading() as connection:
            return {row.name: Mark(*row) for row in connection.execute(select(schedule_marks))}

    def mark(self, marks: Iterable[Mark]) -> None:
        """Remember that these jobs came to these slots; how their last runs ended is left as it is."""
        keys = ("name", "slot", "era", "enqueued_at")
        rows = [{key: getattr(mark, key) for key in keys} | {"error": "", "failures_in_a_row": 0} for mark in marks]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert_or_update(connection, schedule_marks, key=["name"], update=keys[1:]), rows)

    def note_end(self, name: str, error: str = "") -> Mark | None:
        """A run of this job ended: well, or with an error. None for a job that has no mark."""
        with self._database.writing() as connection:
            found = connection.execute(select(schedule_marks).where(schedule_marks.c.name == name)).one_or_none()
            if found is None:
                return None
            before = Mark(*found)
            failures = before.failures_in_a_row + 1 if error else 0
            said = {"ended_at": self._clock(), "error": error, "failures_in_a_row": failures}
            connection.execute(update(schedule_marks).where(schedule_marks.c.name == name).values(said))
            return replace(before, ended_at=self._clock(), error=error, failures_in_a_row=failures)

    def pauses(self) -> dict[str, Pause]:
        """What is paused, by name."""
        with self._database.reading() as connection:
            return {row.name: Pause(*row) for row in connection.execute(select(schedule_pauses))}

    def pause(self, name: str, *, by: str, reason: str) -> None:
        """Pause a job until it is resumed."""
        said = {"name": name, "paused_by": by, "reason": reason, "paused_at": self._clock()}
        with self._database.writing() as connection:
            statement = insert_or_update(
                connection, schedule_pauses, key=["name"], update=["paused_by", "reason", "paused_at"]
            )
            connection.execute(statement, said)

    def resume(self, name: str) -> bool:
        """End a pause; False where there was none."""
        with self._database.writing() as connection:
            return connection.execute(delete(schedule_pauses).where(schedule_pauses.c.name == name)).rowcount == 1

    def ask(self, name: str, *, by: str, slots: Iterable[int] | None = None) -> int:
        """Ask for a run now, or for a run of each of these slots; how many runs were asked for."""
        now = self._clock()
        rows = [
            {
                "request": hashlib.sha256(uuid4().bytes).hexdigest(),
                "name": name,
                "slot": slot,
                "asked_by": by,
                "asked_at": now,
            }
            for slot in ([None] if slots is None else slots)
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(schedule_requests), rows)
        return len(rows)

    def requests(self) -> tuple[Request, ...]:
        """What was asked for and is not queued yet, oldest first."""
        statement = select(schedule_requests).order_by(schedule_requests.c.asked_at, schedule_requests.c.slot)
        with self._database.reading() as connection:
            return tuple(Request(*row) for row in connection.execute(statement))

    def forget(self, request: Request) -> None:
        """A request is queued."""
        with self._database.writing() as connection:
            connection.execute(delete(schedule_requests).where(schedule_requests.c.request == request.request))
