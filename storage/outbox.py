"""Notices on their way to people: at least once, in order for each alert and channel, safe against any crash.

A deliverer claims due notices for a while, sends them, and marks what became of each. A claim that is not marked in
time (the deliverer died) expires, and the notice is claimed again with the same idempotency key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)

from domain.alert import Alert, ClaimedNotice, Notice, Settled, Settlement
from domain.clock import Clock, utc_now
from domain.hostile_text import one_line
from domain.secrets import mask_secrets
from storage.alerts import versions_by_key
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.identity import idempotency_key
from storage.raising import notice_row
from storage.statements import insert_or_ignore, take_turn
from storage.tables import delivery_attempts, outbox
from storage.types import UtcTime


class NoticeState(StrEnum):
    """Where a notice is on its way; only `delivered` and `parked` are ends."""

    PENDING = "pending"
    DELIVERING = "delivering"
    RETRY = "retry"
    DELIVERED = "delivered"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice's row, for people who ask where it is."""

    notice_id: str
    alert_id: str
    alert_version: int
    channel: str
    state: NoticeState
    attempts: int
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None
    detail: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver: its number, when it ended and how (`interrupted` for one whose deliverer died)."""

    attempt: int
    at: datetime
    outcome: str
    detail: str


_INTERRUPTED = "interrupted"
_STATES = {
    Settled.DELIVERED: NoticeState.DELIVERED,
    Settled.PARKED: NoticeState.PARKED,
    Settled.RETRY: NoticeState.RETRY,
    Settled.HELD: NoticeState.PENDING,
}
_UNSETTLED = (NoticeState.PENDING.value, NoticeState.RETRY.value, NoticeState.DELIVERING.value)
# Spelled out in the statement, so that the planners see that the index of unsettled notices holds all that is wanted.
_UNSETTLED_SPELLED: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in _UNSETTLED]
_KEPT = tuple(outbox.c[name] for name in KeptNotice.__slots__)


class Outbox:
    """The notices of this store; `alerts.delivery` knows it as its OutboxPort."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def claim_due(self, now: datetime, limit: int, lease: timedelta) -> list[ClaimedNotice]:
        """Take up to `limit` due notices for the length of the lease; no two deliverers get the same.

        The gravest come first, then the oldest; of one alert and channel the lower version. A notice waits while an
        earlier one of its alert and channel is held by another deliverer or waits for another attempt; one that was
        put back untried does not stand in the way.
        """
        with self._database.writing() as connection:
            take_turn(connection, "outbox")
            rows = _claim_order(connection, now, limit)
            if not rows:
                return []
            _note_interrupted(connection, rows, now)
            connection.execute(
                update(outbox)
                .where(outbox.c.notice_id.in_([row.notice_id for row in rows]))
                .values(
                    state=NoticeState.DELIVERING.value,
                    due_at=now + lease,
                    attempts=outbox.c.attempts + 1,
                    first_attempt_at=func.coalesce(outbox.c.first_attempt_at, literal(now, UtcTime())),
                )
            )
            told = versions_by_key(connection, {(row.alert_id, row.alert_version) for row in rows})
        return [_claimed(row, told[row.alert_id, row.alert_version]) for row in rows]

    def mark_delivered(self, notice_id: str, at: datetime, detail: str) -> None:
        """The receiver took it."""
        self.settle([Settlement(notice_id, Settled.DELIVERED, at, detail)])

    def mark_retry(self, notice_id: str, next_attempt_at: datetime, detail: str) -> None:
        """It did not work, and may be tried again from a time on."""
        self.settle([Settlement(notice_id, Settled.RETRY, next_attempt_at, detail)])

    def mark_held(self, notice_id: str, until: datetime, detail: str) -> None:
        """It was put back untried (quiet hours, a budget, a receiver that is down): no attempt is counted."""
        self.settle([Settlement(notice_id, Settled.HELD, until, detail)])

    def mark_parked(self, notice_id: str, at: datetime, detail: str) -> None:
        """It will never work by itself: kept for a person to see, and later versions go past it."""
        self.settle([Settlement(notice_id, Settled.PARKED, at, detail)])

    def settle(self, settlements: Sequence[Settlement]) -> None:
        """Record what became of many notices in one transaction, each as the method of its name does for one."""
        said = [replace(one, detail=one_line(mask_secrets(one.detail), 500)) for one in settlements]
        if not said:
            return
        with self._database.writing() as connection:
            wanted = select(outbox.c.notice_id, outbox.c.attempts)
            wanted = wanted.where(outbox.c.notice_id.in_([one.notice_id for one in said]))
            attempts = {row.notice_id: row.attempts for row in connection.execute(wanted)}
            for one in said:
                if one.notice_id not in attempts:
                    raise UnknownRecordError(f"no notice has the id {one.notice_id[:40]!r}")
            _log(connection, [_attempt(one, attempts[one.notice_id], self._clock()) for one in said if _was_tried(one)])
            for settled in Settled:
                changed = [{"this": o.notice_id, "said": o.detail, "at": o.at} for o in said if o.settled is settled]
                if changed:
                    connection.execute(_SETTLE[settled], changed)

    def add(self, alert: Alert, channels: Sequence[str], now: datetime) -> int:
        """Tell these channels of the alert's present version too; one that was told of it before is left alone.

        Gives how many notices are new.
        """
        rows = [notice_row(alert.alert_id, alert.version, name, alert.severity, now, now) for name in channels]
        with self._database.writing() as connection:
            statement = insert_or_ignore(connection, outbox)
            return sum(connection.execute(statement, row).rowcount for row in rows)

    def is_anything_due(self, now: datetime) -> bool:
        """Would a claim hand anything out?"""
        with self._database.reading() as connection:
            return connection.execute(_due(now).limit(1)).first() is not None

    def resend(self, notice_id: str) -> None:
        """Tell a settled notice again; one that was delivered gets a new key, since its receiver would drop the old.

        Raises UnknownRecordError for an id that no notice has; a notice still on its way is left alone.
        """
        with self._database.writing() as connection:
            row = connection.execute(select(outbox).where(outbox.c.notice_id == notice_id)).one_or_none()
            if row is None:
                raise UnknownRecordError(f"no notice has the id {notice_id[:40]!r}")
            if row.state not in _UNSETTLED:
                _send_again(connection, row, row.created_at)

    def counts(self) -> dict[str, int]:
        """How many notices are in each state; every state is named."""
        statement = select(outbox.c.state, func.count().label("notices")).group_by(outbox.c.state)
        with self._database.reading() as connection:
            found = {row.state: row.notices for row in connection.execute(statement)}
        return {state.value: found.get(state.value, 0) for state in NoticeState}

    def oldest_waiting(self) -> datetime | None:
        """When the oldest notice that is not settled was made: its age is the outbox's health."""
        statement = select(func.min(outbox.c.created_at)).where(outbox.c.state.in_(_UNSETTLED))
        with self._database.reading() as connection:
            return connection.execute(statement).scalar()

    def list(self, *states: NoticeState, limit: int = 100) -> tuple[KeptNotice, ...]:
        """Notices in these states (any, with none given), the newest first."""
        statement = select(*_KEPT).order_by(outbox.c.created_at.desc(), outbox.c.notice_id).limit(limit)
        if states:
            statement = statement.where(outbox.c.state.in_([state.value for state in states]))
        with self._database.reading() as connection:
            return tuple(_kept(row) for row in connection.execute(statement))

    def of_alert(self, alert_id: str) -> tuple[KeptNotice, ...]:
        """Every notice about an alert, oldest first."""
        statement = select(*_KEPT).where(outbox.c.alert_id == alert_id)
        with self._database.reading() as connection:
            rows = connection.execute(statement.order_by(outbox.c.alert_version, outbox.c.channel)).all()
        return tuple(_kept(row) for row in rows)

    def attempts(self, notice_id: str) -> tuple[Attempt, ...]:
        """Every attempt to deliver a notice, in order."""
        log = delivery_attempts.c
        statement = select(log.attempt, log.at, log.outcome, log.detail).where(log.notice_id == notice_id)
        with self._database.reading() as connection:
            return tuple(Attempt(*row) for row in connection.execute(statement.order_by(log.id)))


def put_off(connection: Connection, alert_id: str, until: datetime) -> None:
    """Inside the caller's transaction: what waits to be told of an alert waits at least until then."""
    waiting = (outbox.c.alert_id == alert_id, outbox.c.due_at < until)
    states = outbox.c.state.in_([NoticeState.PENDING.value, NoticeState.RETRY.value])
    connection.execute(update(outbox).where(*waiting, states).values(due_at=until))


def tell_again(connection: Connection, alert_id: str, now: datetime) -> int:
    """Inside the caller's transaction: tell again what was last told of an alert, unless something waits to be told.

    Gives how many notices are due anew.
    """
    rows = connection.execute(select(outbox).where(outbox.c.alert_id == alert_id)).all()
    if any(row.state in _UNSETTLED for row in rows):
        return 0
    newest = max((row.alert_version for row in rows), default=0)
    told = [row for row in rows if row.alert_version == newest and row.state == NoticeState.DELIVERED]
    for row in told:
        _send_again(connection, row, now)
    return len(told)


def _send_again(connection: Connection, row: Row[Any], due_at: datetime) -> None:
    resends = row.resends + (row.state == NoticeState.DELIVERED)
    connection.execute(
        update(outbox)
        .where(outbox.c.notice_id == row.notice_id)
        .values(
            state=NoticeState.PENDING.value,
            resends=resends,
            idempotency_key=idempotency_key(row.notice_id, resends, row.created_at),
            due_at=due_at,
            attempts=0,
            first_attempt_at=None,
            settled_at=None,
        )
    )


def _was_tried(one: Settlement) -> bool:
    return one.settled is not Settled.HELD


def _attempt(one: Settlement, number: int, now: datetime) -> dict[str, Any]:
    ended_at = now if one.settled is Settled.RETRY else one.at
    state = _STATES[one.settled].value
    return {"notice_id": one.notice_id, "attempt": number, "at": ended_at, "outcome": state, "detail": one.detail}


def _settling(settled: Settled) -> Update:
    """Only who holds a notice may settle it: a deliverer whose claim expired must not undo what another did."""
    held = outbox.c.notice_id == bindparam("this"), outbox.c.state == NoticeState.DELIVERING.value
    statement = update(outbox).where(*held).values(state=_STATES[settled].value, detail=bindparam("said"))
    if settled in (Settled.DELIVERED, Settled.PARKED):
        return statement.values(settled_at=bindparam("at", type_=UtcTime()))
    statement = statement.values(due_at=bindparam("at", type_=UtcTime()))
    if settled is Settled.RETRY:
        return statement
    first = case((outbox.c.attempts <= 1, None), else_=outbox.c.first_attempt_at)
    return statement.values(attempts=outbox.c.attempts - 1, first_attempt_at=first)


_SETTLE = {settled: _settling(settled) for settled in Settled}


def _claim_order(connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    gravest_first = outbox.c.urgency, outbox.c.created_at, outbox.c.notice_id
    # Locked, so that PostgreSQL looks again at a row that was settled while this statement waited for it.
    due = _due(now).with_for_update(of=outbox)
    rows = list(connection.execute(due.order_by(*gravest_first).limit(limit)))
    # A graver or older later version may have come in alone; what precedes it in its alert and channel goes first.
    taken = {row.notice_id for row in rows}
    later = {(row.alert_id, row.channel) for row in rows if row.alert_version > 1}
    if later:
        earlier = due.where(tuple_(outbox.c.alert_id, outbox.c.channel).in_(sorted(later)))
        rows += [row for row in connection.execute(earlier) if row.notice_id not in taken]
    place: dict[tuple[str, str], int] = {}
    for row in rows:
        place.setdefault((row.alert_id, row.channel), len(place))
    return sorted(rows, key=lambda row: (place[row.alert_id, row.channel], row.alert_version))[:limit]


def _due(now: datetime) -> Select[Any]:
    earlier = outbox.alias("earlier")
    waits_for_earlier = exists().where(
        earlier.c.alert_id == outbox.c.alert_id,
        earlier.c.channel == outbox.c.channel,
        earlier.c.alert_version < outbox.c.alert_version,
        earlier.c.state.in_(_UNSETTLED),
        earlier.c.due_at > now,
        or_(
            earlier.c.state == NoticeState.DELIVERING.value,
            earlier.c.attempts > 0,
            earlier.c.urgency <= outbox.c.urgency,
        ),
    )
    return select(outbox).where(outbox.c.state.in_(_UNSETTLED_SPELLED), outbox.c.due_at <= now, ~waits_for_earlier)


def _note_interrupted(connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> None:
    expired = {"at": now, "outcome": _INTERRUPTED, "detail": "the claim on it expired"}
    delivering = [row for row in rows if row.state == NoticeState.DELIVERING.value]
    _log(connection, [{"notice_id": row.notice_id, "attempt": row.attempts, **expired} for row in delivering])


def _log(connection: Connection, attempts: Sequence[dict[str, Any]]) -> None:
    if attempts:
        connection.execute(insert(delivery_attempts), attempts)


def _claimed(row: Row[Any], alert: Alert) -> ClaimedNotice:
    return ClaimedNotice(
        notice=Notice(
            notice_id=row.notice_id,
            idempotency_key=row.idempotency_key,
            channel=row.channel,
            alert=alert,
            created_at=row.created_at,
        ),
        attempts=row.attempts,
        first_attempt_at=row.first_attempt_at,
    )


def _kept(row: Row[Any]) -> KeptNotice:
    return KeptNotice(**{**row._mapping, "state": NoticeState(row.state)})
