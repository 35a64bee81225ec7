"""Matters that people follow over several alerts: what belongs to them, what was noted, what is to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from storage.database import Database
from storage.errors import UnknownRecordError
from storage.statements import insert_or_ignore
from storage.tables import case_alerts, case_entries, cases, saved_views


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"


class CaseOutcome(StrEnum):
    """What came of a case."""

    ACCOUNTS_CLOSED = "accounts_closed"
    KEYS_REVOKED = "keys_revoked"
    LISTING_REMOVED = "listing_removed"
    REFUSED = "refused"
    NOTHING_FOUND = "nothing_found"
    MERGED = "merged"


class EntryKind(StrEnum):
    """What an entry of a case is."""

    NOTE = "note"
    TASK = "task"
    TICKET = "ticket"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case; `alerts` counts what belongs to it, `open_tasks` what is still to be done."""

    number: int
    title: str
    status: CaseStatus
    assignee: str | None
    opened_by: str
    opened_at: datetime
    updated_at: datetime
    outcome: CaseOutcome | None
    closed_at: datetime | None
    alerts: int
    open_tasks: int


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A note, a task, a ticket elsewhere or a change of a case; a privileged one is for leads and auditors."""

    number: int
    kind: EntryKind
    text: str
    privileged: bool
    actor: str
    at: datetime
    done_by: str | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedView:
    """A filter that somebody gave a name; `query` is the part of the address behind the question mark."""

    number: int
    owner: str
    name: str
    query: str
    shared: bool


_ALERTS = select(func.count()).where(case_alerts.c.case_id == cases.c.id).correlate(cases).scalar_subquery()
_TASKS = (
    select(func.count())
    .where(case_entries.c.case_id == cases.c.id, case_entries.c.kind == EntryKind.TASK.value)
    .where(case_entries.c.done_at.is_(None))
    .correlate(cases)
    .scalar_subquery()
)
_FILES = select(cases, _ALERTS.label("alerts"), _TASKS.label("open_tasks"))


class Cases:
    """The cases of this store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, title: str, alert_ids: tuple[str, ...], actor: str, now: datetime) -> int:
        """Open a case over some alerts; its number."""
        row = {
            "title": title,
            "status": CaseStatus.OPEN.value,
            "assignee": actor,
            "opened_by": actor,
            "opened_at": now,
            "updated_at": now,
            "outcome": None,
            "closed_at": None,
        }
        with self._database.writing() as connection:
            number = int(connection.execute(insert(cases).returning(cases.c.id), row).scalar_one())
            _put_alerts(connection, number, alert_ids, actor, now)
            _put_entry(connection, number, EntryKind.CHANGE, "opened the case", actor, now)
        return number

    def add_alerts(self, number: int, alert_ids: tuple[str, ...], actor: str, now: datetime) -> None:
        """Let alerts belong to a case; those that do already stay."""
        with self._database.writing() as connection:
            _put_alerts(connection, number, alert_ids, actor, now)
            _put_entry(connection, number, EntryKind.CHANGE, f"added {len(alert_ids)} alerts", actor, now)

    def get(self, number: int) -> CaseFile:
        """One case; raises UnknownRecordError."""
        with self._database.reading() as connection:
            row = connection.execute(_FILES.where(cases.c.id == number)).one_or_none()
        if row is None:
            raise UnknownRecordError(f"no case has the number {number}")
        return _file(row)

    def all(self, limit: int = 200) -> tuple[CaseFile, ...]:
        """Cases, open ones first, then those last changed."""
        statement = _FILES.order_by(cases.c.status.desc(), cases.c.updated_at.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(_file(row) for row in connection.execute(statement))

    def of_alert(self, alert_id: str) -> tuple[CaseFile, ...]:
        """The cases that an alert belongs to."""
        statement = _FILES.join(case_alerts, case_alerts.c.case_id == cases.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(statement.where(case_alerts.c.alert_id == alert_id).order_by(cases.c.id))
            return tuple(_file(row) for row in rows)

    def alerts(self, number: int) -> tuple[str, ...]:
        """The ids of a case's alerts, in the order in which they were added."""
        statement = select(case_alerts.c.alert_id).where(case_alerts.c.case_id == number)
        with self._database.reading() as connection:
            return tuple(connection.execute(statement.order_by(case_alerts.c.added_at)).scalars())

    def entries(self, number: int) -> tuple[CaseEntry, ...]:
        """Everything written into a case, oldest first."""
        statement = select(case_entries).where(case_entries.c.case_id == number).order_by(case_entries.c.id)
        with self._database.reading() as connection:
            return tuple(_entry(row) for row in connection.execute(statement))

    def write(
        self, number: int, kind: EntryKind, text: str, actor: str, now: datetime, *, privileged: bool = False
    ) -> None:
        """Write a note, task, ticket or change into a case."""
        with self._database.writing() as connection:
            _put_entry(connection, number, kind, text, actor, now, privileged=privileged)

    def finish_task(self, number: int, entry: int, actor: str, now: datetime) -> None:
        """Say that a task is done; raises UnknownRecordError for one that is not open."""
        task = (
            case_entries.c.case_id == number,
            case_entries.c.id == entry,
            case_entries.c.kind == EntryKind.TASK.value,
        )
        with self._database.writing() as connection:
            done = connection.execute(
                update(case_entries).where(*task, case_entries.c.done_at.is_(None)).values(done_by=actor, done_at=now)
            )
            if done.rowcount != 1:
                raise UnknownRecordError(f"case {number} has no open task {entry}")
            _touch(connection, number, now)

    def assign(self, number: int, assignee: str | None, actor: str, now: datetime) -> None:
        """Give a case to somebody."""
        with self._database.writing() as connection:
            connection.execute(update(cases).where(cases.c.id == number).values(assignee=assignee))
            _put_entry(connection, number, EntryKind.CHANGE, f"assigned to {assignee or 'nobody'}", actor, now)

    def close(self, number: int, outcome: CaseOutcome, note: str, actor: str, now: datetime) -> None:
        """Close a case with what came of it."""
        closed = {"status": CaseStatus.CLOSED.value, "outcome": outcome.value, "closed_at": now}
        said = f"closed: {outcome.value.replace('_', ' ')}" + (f". {note}" if note else "")
        self._set(number, closed, said, actor, now)

    def reopen(self, number: int, reason: str, actor: str, now: datetime) -> None:
        """Open a closed case again."""
        opened = {"status": CaseStatus.OPEN.value, "outcome": None, "closed_at": None}
        self._set(number, opened, f"reopened: {reason}", actor, now)

    def _set(self, number: int, values: Mapping[str, object], said: str, actor: str, now: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(update(cases).where(cases.c.id == number).values(values))
            _put_entry(connection, number, EntryKind.CHANGE, said, actor, now)


class SavedViews:
    """Filters with names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen_by(self, owner: str) -> tuple[SavedView, ...]:
        """A person's own views and everybody's shared ones, by name."""
        mine = (saved_views.c.owner == owner) | saved_views.c.shared.is_(True)
        with self._database.reading() as connection:
            rows = connection.execute(select(saved_views).where(mine).order_by(saved_views.c.name)).all()
        return tuple(SavedView(row.id, row.owner, row.name, row.query, row.shared) for row in rows)

    def save(self, owner: str, name: str, query: str, now: datetime, *, shared: bool) -> None:
        """Keep a view; one of the same name and owner is replaced."""
        row = {"owner": owner, "name": name, "query": query, "shared": shared, "created_at": now}
        with self._database.writing() as connection:
            same = (saved_views.c.owner == owner, saved_views.c.name == name)
            connection.execute(saved_views.delete().where(*same))
            connection.execute(insert(saved_views), row)

    def forget(self, owner: str, number: int) -> None:
        """Take one of one's own views away."""
        with self._database.writing() as connection:
            connection.execute(saved_views.delete().where(saved_views.c.owner == owner, saved_views.c.id == number))


def _put_alerts(connection: Connection, number: int, alert_ids: tuple[str, ...], actor: str, now: datetime) -> None:
    for alert_id in alert_ids:
        row = {"case_id": number, "alert_id": alert_id, "added_by": actor, "added_at": now}
        connection.execute(insert_or_ignore(connection, case_alerts), row)


def _put_entry(
    connection: Connection,
    number: int,
    kind: EntryKind,
    text: str,
    actor: str,
    now: datetime,
    *,
    privileged: bool = False,
) -> None:
    row = {
        "case_id": number,
        "kind": kind.value,
        "text": text,
        "privileged": privileged,
        "actor": actor,
        "at": now,
        "done_by": None,
        "done_at": None,
    }
    connection.execute(insert(case_entries), row)
    _touch(connection, number, now)


def _touch(connection: Connection, number: int, now: datetime) -> None:
    connection.execute(update(cases).where(cases.c.id == number).values(updated_at=now))


def _file(row: Row[Any]) -> CaseFile:
    return CaseFile(
        number=row.id,
        title=row.title,
        status=CaseStatus(row.status),
        assignee=row.assignee,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        outcome=CaseOutcome(row.outcome) if row.outcome else None,
        closed_at=row.closed_at,
        alerts=row.alerts,
        open_tasks=row.open_tasks,
    )


def _entry(row: Row[Any]) -> CaseEntry:
    return CaseEntry(row.id, EntryKind(row.kind), row.text, row.privileged, row.actor, row.at, row.done_by, row.done_at)
