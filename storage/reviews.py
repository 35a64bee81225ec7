"""What people do with alerts: who holds which, what each of them waits for, and everything that was done, in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select

from domain.alert import AlertStatus
from storage.alerts import set_status
from storage.database import Database
from storage.outbox import put_off, tell_again
from storage.statements import insert_or_update
from storage.tables import alert_versions, alerts, review_events, review_work


class ReviewKind(StrEnum):
    """What a person did with an alert."""

    DECIDED = "decided"
    UNDONE = "undone"
    REVERSED = "reversed"
    CLAIMED = "claimed"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    SKIPPED = "skipped"
    SNOOZED = "snoozed"
    NOTED = "noted"


class Need(StrEnum):
    """Whom an alert waits for beyond the first verdict."""

    NOTHING = ""
    SECOND = "second"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class ReviewEvent:
    """One thing that a person did. `number` is 0 for one that is still to be written."""

    alert_id: str
    alert_version: int
    kind: ReviewKind
    actor: str
    at: datetime
    note: str = ""
    clause: str = ""
    decision_number: int | None = None
    batch: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """Where the work on an alert stands."""

    alert_id: str
    holder: str | None = None
    held_since: datetime | None = None
    needs: Need = Need.NOTHING
    first_by: str | None = None
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Raised:
    """One time that an alert said something new: which version, why, by which rule, when."""

    version: int
    change: str
    rule: str
    at: datetime


_WORK_COLUMNS = Work.__slots__
_EVENT_COLUMNS = tuple(name for name in ReviewEvent.__slots__ if name != "number")


class Reviews:
    """The work on alerts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def work(self, alert_id: str) -> Work:
        """Where the work on an alert stands."""
        with self._database.reading() as connection:
            row = connection.execute(select(review_work).where(review_work.c.alert_id == alert_id)).one_or_none()
        return Work(alert_id) if row is None else _work(row)

    def events(self, alert_id: str) -> tuple[ReviewEvent, ...]:
        """Everything that was done with an alert, oldest first."""
        return self._events(review_events.c.alert_id == alert_id)

    def raised(self, alert_id: str) -> tuple[Raised, ...]:
        """Every time that an alert said something new, oldest first, without what it said."""
        columns = (alert_versions.c.version, alert_versions.c.change, alert_versions.c.rule, alert_versions.c.raised_at)
        statement = select(*columns).where(alert_versions.c.alert_id == alert_id).order_by(alert_versions.c.version)
        with self._database.reading() as connection:
            return tuple(Raised(*row) for row in connection.execute(statement))

    def batch(self, batch: str) -> tuple[ReviewEvent, ...]:
        """Everything that was done in one go."""
        return self._events(review_events.c.batch == batch)

    def write(self, work: Work, events: Sequence[ReviewEvent], status: AlertStatus | None = None) -> None:
        """Say where the work stands now and what was done, and set the alert's status if one is given: all or none."""
        values = {name: getattr(work, name) for name in _WORK_COLUMNS} | {"needs": work.needs.value}
        changed = [name for name in _WORK_COLUMNS if name != "alert_id"]
        with self._database.writing() as connection:
            connection.execute(insert_or_update(connection, review_work, key=["alert_id"], update=changed), values)
            for event in events:
                row = {name: getattr(event, name) for name in _EVENT_COLUMNS} | {"kind": event.kind.value}
                connection.execute(insert(review_events), row)
            if status is not None:
                set_status(connection, work.alert_id, status)
            if status is AlertStatus.SNOOZED and work.snoozed_until is not None:
                put_off(connection, work.alert_id, work.snoozed_until)

    def wake(self, now: datetime) -> int:
        """Open alerts whose sleep is over, and tell of each again who was told; gives how many."""
        statement = (
            select(review_work.c.alert_id)
            .join(alerts, alerts.c.alert_id == review_work.c.alert_id)
            .where(review_work.c.snoozed_until <= now, alerts.c.status == AlertStatus.SNOOZED.value)
        )
        with self._database.reading() as connection:
            due = list(connection.execute(statement).scalars())
        if due:
            with self._database.writing() as connection:
                for alert_id in due:
                    set_status(connection, alert_id, AlertStatus.OPEN)
                    tell_again(connection, alert_id, now)
        return len(due)

    def decided_alerts(self) -> tuple[str, ...]:
        """The ids of all alerts about which anything was decided, in order."""
        statement = select(review_events.c.alert_id).where(review_events.c.kind == ReviewKind.DECIDED.value)
        with self._database.reading() as connection:
            return tuple(connection.execute(statement.distinct().order_by(review_events.c.alert_id)).scalars())

    def _events(self, condition: Any) -> tuple[ReviewEvent, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(review_events).where(condition).order_by(review_events.c.id)).all()
        return tuple(_event(row) for row in rows)


def works_by_alert(rows: Iterable[Row[Any]]) -> dict[str, Work]:
    """Rows of `review_work` by alert."""
    return {row.alert_id: _work(row) for row in rows}


def _work(row: Row[Any]) -> Work:
    return Work(**{name: getattr(row, name) for name in _WORK_COLUMNS} | {"needs": Need(row.needs)})


def _event(row: Row[Any]) -> ReviewEvent:
    said = {name: getattr(row, name) for name in _EVENT_COLUMNS}
    return ReviewEvent(**said | {"kind": ReviewKind(row.kind), "number": row.id})
