"""Alerts as people look for them: ranked, filtered, page by page."""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from domain.alert import Alert, AlertStatus, Severity
from domain.finding import Lane
from storage.codec import load_finding
from storage.database import Database
from storage.errors import StorageError, UnknownRecordError
from storage.identity import alert_id as alert_id_of
from storage.records import AlertChange
from storage.tables import alert_versions, alerts, findings, outbox, review_events, review_work

_RANKING = (alerts.c.lane_rank, alerts.c.exposure_order, alerts.c.probability_order, alerts.c.alert_id)
_NEWEST = select(alerts, findings.c.finding_json, findings.c.history_json).join(
    findings, findings.c.id == alerts.c.finding_id
)
_LONGEST_CURSOR = 400


class CursorError(StorageError):
    """A cursor that no page of alerts gave."""


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts to list; an empty part lets every alert through."""

    statuses: frozenset[AlertStatus] = frozenset()
    lanes: frozenset[Lane] = frozenset()
    severities: frozenset[Severity] = frozenset()
    sources: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Some alerts in order of rank; `next_cursor` asks for those after them, None at the end."""

    alerts: tuple[Alert, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class KeptAlertVersion:
    """One version of an alert: the alert as it was told, why it was raised, and when."""

    alert: Alert
    change: AlertChange
    policy_version: str
    raised_at: datetime


class Alerts:
    """The alerts of this store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, wanted: AlertFilter | None = None, *, limit: int = 50, cursor: str | None = None) -> AlertPage:
        """Alerts ranked by lane, then official value exposed (unknown last), then confidence.

        `cursor` comes from an earlier page; raises CursorError for any other.
        """
        statement = _filtered(_NEWEST, wanted or AlertFilter()).order_by(*_RANKING).limit(limit + 1)
        if cursor is not None:
            statement = statement.where(_after(cursor))
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        more = len(rows) > limit
        return AlertPage(tuple(_alert(row) for row in rows[:limit]), _cursor(rows[limit - 1]) if more else None)

    def count(self, wanted: AlertFilter | None = None) -> int:
        """How many alerts a filter lets through."""
        statement = _filtered(select(func.count()).select_from(alerts), wanted or AlertFilter())
        with self._database.reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def get(self, alert_id: str) -> Alert:
        """An alert in its newest version; raises UnknownRecordError."""
        with self._database.reading() as connection:
            row = connection.execute(_NEWEST.where(alerts.c.alert_id == alert_id)).one_or_none()
        if row is None:
            raise UnknownRecordError(f"no alert has the id {alert_id[:40]!r}; `undercut alerts list` shows them")
        return _alert(row)

    def of_listing(self, source: str, external_id: str) -> Alert | None:
        """The alert about a listing, None where there is none."""
        with self._database.reading() as connection:
            named = alerts.c.alert_id == alert_id_of(source, external_id)
            row = connection.execute(_NEWEST.where(named)).one_or_none()
        return None if row is None else _alert(row)

    def find(self, start: str, *, limit: int = 10) -> tuple[Alert, ...]:
        """Alerts whose id begins so, for people who type only the first characters."""
        statement = _NEWEST.where(alerts.c.alert_id.startswith(start, autoescape=True)).limit(limit)
        with self._database.reading() as connection:
            return tuple(_alert(row) for row in connection.execute(statement.order_by(alerts.c.alert_id)))

    def left_alone(
        self, channel: str, since: datetime, until: datetime, wanted: AlertFilter, *, after: str = "", limit: int = 200
    ) -> tuple[Alert, ...]:
        """Open alerts of that time with which nobody did anything after `until`, and of which a channel has not heard.

        In order of their ids, those after one; a sleep that ended after `until` counts as something done.
        """
        heard = exists().where(
            outbox.c.alert_id == alerts.c.alert_id,
            outbox.c.alert_version == alerts.c.version,
            outbox.c.channel == channel,
        )
        acted = exists().where(review_events.c.alert_id == alerts.c.alert_id, review_events.c.at > until)
        slept = exists().where(review_work.c.alert_id == alerts.c.alert_id, review_work.c.snoozed_until > until)
        statement = _filtered(_NEWEST, wanted).where(
            alerts.c.status == AlertStatus.OPEN.value,
            alerts.c.updated_at >= since,
            alerts.c.updated_at <= until,
            alerts.c.alert_id > after,
            ~or_(heard, acted, slept),
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement.order_by(alerts.c.alert_id).limit(limit)).all()
        return tuple(_alert(row) for row in rows)

    def versions(self, alert_id: str) -> tuple[KeptAlertVersion, ...]:
        """Every version of an alert, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(_VERSIONS.where(alerts.c.alert_id == alert_id).order_by(_BY_VERSION)).all()
        return tuple(
            KeptAlertVersion(version_alert(row), AlertChange(row.change), row.policy_version, row.raised_at)
            for row in rows
        )

    def set_status(self, alert_id: str, status: AlertStatus) -> None:
        """Say where an alert stands with the people who review it; raises UnknownRecordError."""
        with self._database.writing() as connection:
            set_status(connection, alert_id, status)


def set_status(connection: Connection, alert_id: str, status: AlertStatus) -> None:
    """Set an alert's status inside the caller's transaction; raises UnknownRecordError."""
    changed = connection.execute(update(alerts).where(alerts.c.alert_id == alert_id).values(status=status.value))
    if changed.rowcount != 1:
        raise UnknownRecordError(f"no alert has the id {alert_id[:40]!r}; `undercut alerts list` shows them")


def _filtered(statement: Select[Any], wanted: AlertFilter) -> Select[Any]:
    for column, values in (
        (alerts.c.status, wanted.statuses),
        (alerts.c.lane, wanted.lanes),
        (alerts.c.severity, wanted.severities),
        (alerts.c.source, wanted.sources),
        (alerts.c.product, wanted.products),
        (alerts.c.queue, wanted.queues),
    ):
        if values:
            statement = statement.where(_one_of(column, values))
    return statement


def _one_of(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    texts = sorted(str(value) for value in values)
    # A single value as an equality lets the index that starts with the column keep the order of rank.
    return column == texts[0] if len(texts) == 1 else column.in_(texts)


def _after(cursor: str) -> ColumnElement[bool]:
    lane_rank, exposure_order, probability_order, alert_id = _place_of(cursor)
    place = (
        literal(lane_rank, alerts.c.lane_rank.type),
        literal(exposure_order, alerts.c.exposure_order.type),
        literal(probability_order, alerts.c.probability_order.type),
        literal(alert_id, alerts.c.alert_id.type),
    )
    # The first part says the same once more, in a form that every planner turns into the start of an index scan.
    return and_(alerts.c.lane_rank >= place[0], tuple_(*_RANKING) > tuple_(*place))


def _cursor(row: Row[Any]) -> str:
    place = [row.lane_rank, row.exposure_order, row.probability_order, row.alert_id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def _place_of(cursor: str) -> tuple[int, int, float, str]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor[:_LONGEST_CURSOR].encode("ascii")))
        lane_rank, exposure_order, probability_order, alert_id = place
        return int(lane_rank), int(exposure_order), float(probability_order), str(alert_id)
    except (binascii.Error, ValueError, TypeError) as error:
        raise CursorError("that cursor is none of this list; start again without one") from error


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        alert_id=row.alert_id,
        source=row.source,
        external_id=row.external_id,
        url=row.url,
        title=row.title,
        platform=row.platform,
        finding=load_finding(row.finding_json, row.history_json),
        severity=Severity(row.severity),
        queue=row.queue,
        rule=row.rule,
        status=AlertStatus(row.status),
        version=row.version,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
    )


_VERSIONS = (
    select(alerts.c.alert_id, alerts.c.source, alerts.c.external_id, alerts.c.platform, alerts.c.status)
    .add_columns(alerts.c.opened_at, findings.c.finding_json, findings.c.history_json)
    .add_columns(*(column for column in alert_versions.c if column.name != "alert_id"))
    .join(alert_versions, alert_versions.c.alert_id == alerts.c.alert_id)
    .join(findings, findings.c.id == alert_versions.c.finding_id)
)
_BY_VERSION = alert_versions.c.version


def versions_by_key(connection: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Alert]:
    """Alerts as they were told, by id and version."""
    keys = list(wanted)
    if not keys:
        return {}
    statement = _VERSIONS.where(tuple_(alert_versions.c.alert_id, alert_versions.c.version).in_(keys))
    return {(row.alert_id, row.version): version_alert(row) for row in connection.execute(statement)}


def version_alert(row: Row[Any]) -> Alert:
    """The alert of a version's row: as it was told then, with its status of now."""
    return Alert(
        alert_id=row.alert_id,
        source=row.source,
        external_id=row.external_id,
        url=row.url,
        title=row.title,
        platform=row.platform,
        finding=load_finding(row.finding_json, row.history_json),
        severity=Severity(row.severity),
        queue=row.queue,
        rule=row.rule,
        status=AlertStatus(row.status),
        version=row.version,
        opened_at=row.opened_at,
        updated_at=row.raised_at,
    )
