"""What people decided; a later decision stands beside an earlier one and never in its place."""

from dataclasses import dataclass

from sqlalchemy import select

from domain.alert import AlertStatus
from domain.clock import Clock, utc_now
from domain.decision import Decision, Outcome
from storage.alerts import set_status
from storage.custody.chain import Sealed, append
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.numbering import take_numbers
from storage.tables import alert_versions, decisions


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision with its number."""

    number: int
    decision: Decision


_COLUMNS = tuple(decisions.c[name] for name in ("id", *Decision.__slots__))


class Decisions:
    """The append-only log of verdicts."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(self, decision: Decision, status: AlertStatus) -> int:
        """Write a decision down and say where the alert stands now, both or neither; gives the decision's number.

        Raises UnknownRecordError for an alert version that there is not.
        """
        version = (alert_versions.c.alert_id == decision.alert_id, alert_versions.c.version == decision.alert_version)
        with self._database.writing() as connection:
            if connection.execute(select(alert_versions.c.version).where(*version)).scalar() is None:
                raise UnknownRecordError(f"alert {decision.alert_id[:40]!r} has no version {decision.alert_version}")
            [number] = take_numbers(connection, {"decisions": 1})["decisions"]
            said = {name: getattr(decision, name) for name in Decision.__slots__}
            sealed = Sealed()
            sealed.insert(connection, "decision", [{**said, "id": number, "outcome": decision.outcome.value}])
            set_status(connection, decision.alert_id, status)
            append(connection, self._clock(), decision.analyst, "decided", sealed)
        return number

    def of(self, alert_id: str) -> tuple[KeptDecision, ...]:
        """Every decision about an alert, oldest first."""
        statement = select(*_COLUMNS).where(decisions.c.alert_id == alert_id).order_by(decisions.c.id)
        with self._database.reading() as connection:
            return tuple(_kept(*row) for row in connection.execute(statement))


def _kept(number: int, alert_id: str, alert_version: int, outcome: str, *rest: object) -> KeptDecision:
    decision = Decision(alert_id, alert_version, Outcome(outcome), *rest)  # type: ignore[arg-type]  # in columns' order
    return KeptDecision(number, decision)
