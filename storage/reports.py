"""Reports as they are remembered: who asked for what, exactly what would be sent, every step, later looks, replies.

Every step is written into the custody log in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from domain.case import Role
from domain.clock import Clock, utc_now
from domain.report import Actor, Report, ReportState, Step, Submission
from storage.codec import dump_strings, load_strings
from storage.custody.log import add_note
from storage.database import Database
from storage.errors import StorageError, UnknownRecordError
from storage.tables import report_files, report_looks, report_places, report_replies, report_steps, reports


class StaleReportError(StorageError):
    """Somebody else moved the report meanwhile; look at it again."""


@dataclass(frozen=True, slots=True)
class ReportedPlace:
    """A listing that a report names."""

    alert_id: str
    source: str
    external_id: str


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report with what it is about in the house, what a person chose for it, and the reason of a correction."""

    report: Report
    subject: str
    wish: Mapping[str, str]
    correction: str | None
    places: tuple[ReportedPlace, ...]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a report, byte for byte as it would be sent."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """What a later look at the place found: `there`, `gone` or `not_looked`."""

    at: datetime
    found: str
    note: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody concerned answered."""

    text: str
    actor: str
    at: datetime


class Reports:
    """The reports of this store."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(self, kept: KeptReport, files: Sequence[KeptFile] = ()) -> None:
        """Remember a new report with what would be sent; a report of the same id is a StaleReportError."""
        report = kept.report
        row = _head_of(report) | {
            "report_id": report.report_id,
            "subject": kept.subject,
            "case_id": report.case_id,
            "recipient": report.recipient,
            "format": report.format,
            "submission": report.submission.value,
            "wish": dump_strings(kept.wish),
            "corrects": report.corrects,
            "correction": kept.correction,
            "prepared_at": report.prepared_at,
        }
        with self._database.writing() as connection:
            there = connection.execute(select(reports.c.state).where(reports.c.report_id == report.report_id)).scalar()
            if there is not None:
                raise StaleReportError(f"report {report.report_id} is there already, as {there}")
            connection.execute(insert(reports), row)
            for place in kept.places:
                connection.execute(insert(report_places), {"report_id": report.report_id, **_plain(place)})
            _put_files(connection, report.report_id, files)
            _put_steps(connection, report, report.steps, self._clock(), kept.correction or "prepared")

    def render_again(self, report: Report, files: Sequence[KeptFile], places: Sequence[ReportedPlace]) -> None:
        """Put other content in place of a draft's; raises StaleReportError for a report that is no draft."""
        with self._database.writing() as connection:
            self._hold(connection, report.report_id, ReportState.DRAFT)
            connection.execute(delete(report_files).where(report_files.c.report_id == report.report_id))
            _put_files(connection, report.report_id, files)
            connection.execute(delete(report_places).where(report_places.c.report_id == report.report_id))
            for place in places:
                connection.execute(insert(report_places), {"report_id": report.report_id, **_plain(place)})

    def move(self, before: Report, after: Report) -> None:
        """Write the steps by which `before` became `after`; raises StaleReportError where it is not `before` any more.

        The row is taken in the same transaction, so that of two who move it at once only one does.
        """
        with self._database.writing() as connection:
            self._hold(connection, before.report_id, before.state)
            connection.execute(update(reports).where(reports.c.report_id == before.report_id).values(_head_of(after)))
            _put_steps(connection, after, after.steps[len(before.steps) :], self._clock(), "")

    def _hold(self, connection: Connection, report_id: str, state: ReportState) -> None:
        mine = (reports.c.report_id == report_id) & (reports.c.state == state.value)
        if connection.execute(update(reports).where(mine).values(state=state.value)).rowcount != 1:
            raise StaleReportError(f"report {report_id} is not {state.value} any more; look at it again")

    def get(self, report_id: str) -> KeptReport:
        """One report; raises UnknownRecordError."""
        found = self._some(reports.c.report_id == report_id, 1)
        if not found:
            raise UnknownRecordError(f"no report has the id {report_id[:60]!r}; `undercut report list` shows them")
        return found[0]

    def find(self, start: str, *, limit: int = 10) -> tuple[KeptReport, ...]:
        """Reports whose id begins so."""
        return self._some(reports.c.report_id.startswith(start, autoescape=True), limit)

    def all(self, states: Sequence[ReportState] = (), *, limit: int = 200) -> tuple[KeptReport, ...]:
        """Reports in these states (in any without), the newest first."""
        chosen = reports.c.state.in_([state.value for state in states]) if states else reports.c.state.is_not(None)
        return self._some(chosen, limit)

    def about(self, subject: str) -> tuple[KeptReport, ...]:
        """Every report about a subject."""
        return self._some(reports.c.subject == subject, 1000)

    def naming(self, alert_id: str) -> tuple[KeptReport, ...]:
        """Every report that names an alert, whatever it was prepared from."""
        named = select(report_places.c.report_id).where(report_places.c.alert_id == alert_id)
        return self._some(reports.c.report_id.in_(named), 1000)

    def files(self, report_id: str) -> tuple[KeptFile, ...]:
        """What would be or was sent, in order; nothing where it was never rendered, or erased since."""
        columns = (report_files.c.name, report_files.c.media_type, report_files.c.body)
        statement = select(*columns).where(report_files.c.report_id == report_id).order_by(report_files.c.position)
        with self._database.reading() as connection:
            return tuple(KeptFile(*row) for row in connection.execute(statement))

    def looked(self, report_id: str, look: Look) -> None:
        """Write down what a later look found."""
        with self._database.writing() as connection:
            connection.execute(insert(report_looks), {"report_id": report_id, **_plain(look)})

    def looks(self, report_id: str) -> tuple[Look, ...]:
        """Every later look, oldest first."""
        columns = (report_looks.c.at, report_looks.c.found, report_looks.c.note)
        statement = select(*columns).where(report_looks.c.report_id == report_id).order_by(report_looks.c.id)
        with self._database.reading() as connection:
            return tuple(Look(*row) for row in connection.execute(statement))

    def answer(self, subject: str, reply: Reply) -> None:
        """Keep what somebody concerned answered."""
        with self._database.writing() as connection:
            connection.execute(insert(report_replies), {"subject": subject, **_plain(reply)})
            add_note(
                connection, self._clock(), reply.actor, "report reply", subject, {"characters": str(len(reply.text))}
            )

    def replies(self, subject: str) -> tuple[Reply, ...]:
        """Every answer about a subject, oldest first."""
        columns = (report_replies.c.text, report_replies.c.actor, report_replies.c.at)
        statement = select(*columns).where(report_replies.c.subject == subject).order_by(report_replies.c.id)
        with self._database.reading() as connection:
            return tuple(Reply(*row) for row in connection.execute(statement))

    def _some(self, condition: ColumnElement[bool], limit: int) -> tuple[KeptReport, ...]:
        newest = select(reports).where(condition).order_by(reports.c.prepared_at.desc(), reports.c.report_id)
        with self._database.reading() as connection:
            rows = connection.execute(newest.limit(limit)).all()
            names = [row.report_id for row in rows]
            steps = _by_report(connection, select(report_steps).where(report_steps.c.report_id.in_(names))
                               .order_by(report_steps.c.id))  # fmt: skip
            places = _by_report(connection, select(report_places).where(report_places.c.report_id.in_(names))
                                .order_by(report_places.c.alert_id))  # fmt: skip
        return tuple(_kept(row, steps.get(row.report_id, []), places.get(row.report_id, [])) for row in rows)


def forget_reported(connection: Connection, alert_ids: Sequence[str]) -> None:
    """Inside the caller's transaction: forget the content of every report that names one of these alerts.

    That a report was made, to whom and what its digest was stays; what it said does not.
    """
    named = list(
        connection.execute(select(report_places.c.report_id).where(report_places.c.alert_id.in_(alert_ids))).scalars()
    )
    connection.execute(delete(report_files).where(report_files.c.report_id.in_(named)))
    connection.execute(delete(report_places).where(report_places.c.alert_id.in_(alert_ids)))


def _head_of(report: Report) -> dict[str, object]:
    return {
        "state": report.state.value,
        "content_sha256": report.content_sha256,
        "prepared_by": report.prepared_by.identity,
        "prepared_role": report.prepared_by.role.value,
        "handed_over_at": report.handed_over_at,
        "reference": report.reference,
    }


def _put_files(connection: Connection, report_id: str, files: Sequence[KeptFile]) -> None:
    for position, file in enumerate(files):
        connection.execute(insert(report_files), {"report_id": report_id, "position": position, **_plain(file)})


def _put_steps(connection: Connection, report: Report, steps: Sequence[Step], now: datetime, otherwise: str) -> None:
    for step in steps:
        row = {
            "report_id": report.report_id,
            "state": step.state.value,
            "at": step.at,
            "actor": step.actor.identity,
            "role": step.actor.role.value,
            "note": step.note,
            "content_sha256": step.content_sha256,
        }
        connection.execute(insert(report_steps), row)
    said = steps[-1] if steps else None
    details = {
        "state": report.state.value,
        "recipient": report.recipient,
        "format": report.format,
        "content_sha256": report.content_sha256 or "",
        "note": said.note if said else otherwise,
    }
    actor = said.actor.identity if said else report.prepared_by.identity
    add_note(connection, now, actor, f"report {report.state.value}", report.report_id, details)


def _plain(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}


def _by_report(connection: Connection, statement: Any) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(statement):
        found.setdefault(row.report_id, []).append(row)
    return found


def _kept(row: Row[Any], steps: Sequence[Row[Any]], places: Sequence[Row[Any]]) -> KeptReport:
    report = Report(
        report_id=row.report_id,
        case_id=row.case_id,
        recipient=row.recipient,
        format=row.format,
        submission=Submission(row.submission),
        prepared_by=Actor(row.prepared_by, Role(row.prepared_role)),
        prepared_at=row.prepared_at,
        state=ReportState(row.state),
        content_sha256=row.content_sha256,
        handed_over_at=row.handed_over_at,
        reference=row.reference,
        corrects=row.corrects,
        steps=tuple(
            Step(ReportState(s.state), s.at, Actor(s.actor, Role(s.role)), s.note, s.content_sha256) for s in steps
        ),
    )
    found = tuple(ReportedPlace(place.alert_id, place.source, place.external_id) for place in places)
    return KeptReport(report, row.subject, load_strings(row.wish), row.correction, found)
