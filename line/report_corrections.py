"""A decision is reversed: what was not handed over goes back to draft, and everybody who was told gets a correction.

The correction is a draft with the reason; its text is made when somebody opens it, and leaves like any other report.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.case import Role
from domain.report import Actor, Report, ReportState, reverse_decision
from reports.prepare import report_uuid
from storage.console_memory import ConsoleMemory
from storage.reports import KeptReport

MOST_REASON = 500
_CANNOT_TAKE_BACK = frozenset({"xarf", "dsa_notice", "leaked_keys", "csv", "jsonl"})


def correct_after_reversal(
    memory: ConsoleMemory, alert_id: str, reason: str, person: str, now: datetime
) -> tuple[str, ...]:
    """Prepare what the reversal asks for; gives the ids of the corrections.

    `reason` goes to recipients, with secrets and persons taken out; `person` stays in the house.
    """
    reports = memory.store.reports
    actor = Actor(person, Role.ANALYST)
    named = reports.naming(alert_id)
    covered = {one.report.corrects for one in named if alert_id in one.wish.get("alerts", "").split(",")}
    concerned = [one for one in named if one.report.corrects is None and one.report.report_id not in covered]
    kept, corrections = reverse_decision([one.report for one in concerned], actor, _short(reason), now)
    for before, after in zip(concerned, kept, strict=True):
        if after is not before.report:
            reports.move(before.report, after)
    by_id = {one.report.report_id: one for one in concerned}
    made = []
    for correction in corrections:
        told = by_id[correction.corrects or ""]
        draft = _draft(correction, told, alert_id, _short(reason), now, reports.about(told.subject))
        reports.add(draft)
        made.append(draft.report.report_id)
    return tuple(made)


def _draft(
    correction: Report, told: KeptReport, alert_id: str, reason: str, now: datetime, others: Sequence[KeptReport]
) -> KeptReport:
    serial = f"correction of {told.report.report_id} {len(others)}"
    report = replace(
        correction,
        report_id=str(report_uuid(told.report.case_id, told.report.recipient, now.isoformat(), serial)),
        format=correction_format(told.report.format),
        state=ReportState.DRAFT,
    )
    places = tuple(place for place in told.places if place.alert_id == alert_id)
    wish = {name: value for name, value in told.wish.items() if name in {"kind", "provider", "tlp", "to"}}
    return KeptReport(report, told.subject, wish | {"alerts": alert_id}, reason, places)


def _short(reason: str) -> str:
    return " ".join(reason.split())[:MOST_REASON] or "the decision it rested on was taken back"


def correction_format(format_name: str) -> str:
    """The format that takes a report back: its own where it can, else plain text."""
    return "text" if format_name in _CANNOT_TAKE_BACK else format_name
