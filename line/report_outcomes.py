"""What recipients answered, imported: each row moves its report, or says why it cannot."""

from dataclasses import dataclass

from domain.report import Actor, TransitionError
from line.report_desk import ReportDesk, ReportDeskError
from reports.intake.outcomes import Outcome, apply_outcome, read_outcomes


@dataclass(frozen=True, slots=True)
class ImportedOutcome:
    """One row: the report's new state, None where the row was not used, and what was said."""

    report_id: str
    state: str | None
    said: str


def import_outcomes(desk: ReportDesk, body: bytes, actor: Actor) -> tuple[ImportedOutcome, ...]:
    """Every row of a table of outcomes; raises OutcomeError before anything is changed where the table is malformed."""
    return tuple(_one(desk, outcome.report_id, outcome, actor) for outcome in read_outcomes(body))


def _one(desk: ReportDesk, report_id: str, outcome: Outcome, actor: Actor) -> ImportedOutcome:
    try:
        kept = desk.find(report_id)
        after = apply_outcome(kept.report, outcome, actor)
    except (ReportDeskError, TransitionError) as error:
        return ImportedOutcome(report_id, None, str(error))
    if after is not kept.report:
        desk.reports.move(kept.report, after)
    said = after.steps[-1].note if after.steps else ""
    return ImportedOutcome(report_id, after.state.value, said)
