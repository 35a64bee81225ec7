"""One scheduler for each store: whoever comes second is told so in one message."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Row, delete, insert, select, update

from domain.clock import Clock, utc_now
from storage.database import Database
from storage.errors import SchedulerLostError, SchedulerRunningError
from storage.statements import take_turn
from storage.tables import scheduler_locks

_NAME: Final = "scheduler"
STALE_AFTER: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that may hold the lock: its machine, number and start, so that a dead one is known for dead."""

    token: str
    host: str
    process_id: int
    process_started: str


def this_process() -> Holder:
    """The process that asks."""
    return Holder(uuid4().hex, socket.gethostname(), os.getpid(), process_start(os.getpid()))


def process_start(process_id: int) -> str:
    """When a process of this machine started, in its own words; empty where there is none (or no /proc)."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The command's name stands in brackets and may hold anything; field 22 of the line is 20th after it.
    return stat.rpartition(")")[2].split()[19]


class SchedulerLock:
    """The place of the one scheduler, kept by a heartbeat; a dead holder's place is free at once on its own machine."""

    def __init__(
        self,
        database: Database,
        clock: Clock = utc_now,
        *,
        stale_after: timedelta = STALE_AFTER,
        started: Callable[[int], str] = process_start,
    ) -> None:
        self._database = database
        self._clock = clock
        self._stale_after = stale_after
        self._started = started

    def acquire(self, holder: Holder) -> None:
        """Take the place; raises SchedulerRunningError, which names who has it, while that one lives."""
        now = self._clock()
        with self._database.writing() as connection:
            take_turn(connection, "scheduler")
            row = connection.execute(select(scheduler_locks)).one_or_none()
            if row is not None and not self._is_free(row, holder, now):
                raise SchedulerRunningError(
                    f"a scheduler already works on {self._database.name} (process {row.process_id} on {row.host}, "
                    f"last heard of at {row.heartbeat_at:%Y-%m-%d %H:%M:%S} UTC); stop it first, workers are welcome"
                )
            connection.execute(delete(scheduler_locks))
            connection.execute(
                insert(scheduler_locks),
                {
                    "name": _NAME,
                    "holder": holder.token,
                    "host": holder.host,
                    "process_id": holder.process_id,
                    "process_started": holder.process_started,
                    "acquired_at": now,
                    "heartbeat_at": now,
                },
            )

    def heartbeat(self, holder: Holder) -> None:
        """Say that the holder lives; raises SchedulerLostError where another has taken the place."""
        with self._database.writing() as connection:
            beat = update(scheduler_locks).where(scheduler_locks.c.holder == holder.token)
            if connection.execute(beat.values(heartbeat_at=self._clock())).rowcount != 1:
                raise SchedulerLostError("another scheduler took over, since this one was silent too long; stopping")

    def release(self, holder: Holder) -> None:
        """Leave the place; does nothing for one who does not have it."""
        with self._database.writing() as connection:
            connection.execute(delete(scheduler_locks).where(scheduler_locks.c.holder == holder.token))

    def _is_free(self, row: Row[Any], asking: Holder, now: datetime) -> bool:
        # A heartbeat far in the future was given before the clock was set back; the living give another soon.
        if abs(now - row.heartbeat_at) > self._stale_after or row.holder == asking.token:
            return True
        died_here = row.host == asking.host and row.process_started != self._started(row.process_id)
        return bool(died_here and row.process_started)
