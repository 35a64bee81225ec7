"""What people decided; a later decision stands beside an earlier one and never in its place."""

from dataclasses import dataclass

from sqlalchemy import insert, select

from domain.alert import AlertStatus
from domain.decision import Decision, Outcome
from storage.alerts import set_status
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.tables import alert_versions, decisions


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision with its number."""

    number: int
    decision: Decision


_COLUMNS = tuple(decisions.c[name] for name in ("id", *Decision.__slots__))


class Decisions:
    """The append-only log of verdicts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, decision: Decision, status: AlertStatus) -> int:
        """Write a decision down and say where the alert stands now, both or neither; gives the decision's number.

        Raises UnknownRecordError for an alert version that there is not.
        """
        version = (alert_versions.c.alert_id == decision.alert_id, alert_versions.c.version == decision.alert_version)
        with self._database.writing() as connection:
            if connection.execute(select(alert_versions.c.version).where(*version)).scalar() is None:
                raise UnknownRecordError(f"alert {decision.alert_id[:40]!r} has no version {decision.alert_version}")
            row = {name: getattr(decision, name) for name in Decision.__slots__} | {"outcome": decision.outcome.value}
            number: int = connection.execute(insert(decisions).returning(decisions.c.id), row).scalar_one()
            set_status(connection, decision.alert_id, status)
        return number

    def of(self, alert_id: str) -> tuple[KeptDecision, ...]:
        """Every decision about an alert, oldest first."""
        statement = select(*_COLUMNS).where(decisions.c.alert_id == alert_id).order_by(decisions.c.id)
        with self._database.reading() as connection:
            return tuple(_kept(*row) for row in connection.execute(statement))


def _kept(number: int, alert_id: str, alert_version: int, outcome: str, *rest: object) -> KeptDecision:
    decision = Decision(alert_id, alert_version, Outcome(outcome), *rest)  # type: ignore[arg-type]  # in columns' order
    return KeptDecision(number, decision)
