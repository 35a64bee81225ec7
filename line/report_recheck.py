"""After a report was handed over, the place is looked at again: is it gone, is it still there, did it come back?

A look asks what the crawls saw since. It fetches nothing itself: places are read on their own schedule, under their own
limits. A place that nobody looked at is said to be that, with the source to watch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.case import Role
from domain.report import RECHECK_AFTER_DAYS, TOLD, Actor, Report, ReportState, record_removed, record_returned
from line.decide import note
from storage.cases import EntryKind
from storage.console_memory import ConsoleMemory
from storage.reports import KeptReport, Look, ReportedPlace

PROGRAM = Actor("re-check", Role.PROGRAM)
THERE, GONE, NOT_LOOKED = "there", "gone", "not_looked"
MOST_REPORTS = 10_000


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What one look found, and where the report stands after it."""

    report_id: str
    case_id: str
    recipient: str
    found: str
    state: ReportState
    note: str
    sources: tuple[str, ...]


def recheck_reports(memory: ConsoleMemory, now: datetime, *, everything: bool = False) -> tuple[Rechecked, ...]:
    """Look at every report whose look is due (at every one that was handed over with `everything`)."""
    states = [state for state in ReportState if state in TOLD]
    due = [
        kept
        for kept in memory.store.reports.all(states, limit=MOST_REPORTS)
        if kept.report.corrects is None and kept.places and (everything or is_due(memory, kept.report, now))
    ]
    return tuple(_look(memory, kept, now) for kept in due)


def is_due(memory: ConsoleMemory, report: Report, now: datetime) -> bool:
    """Has a day come on which a look is due, without one since that found anything?"""
    if report.handed_over_at is None:
        return False
    days = [report.handed_over_at + timedelta(days=day) for day in RECHECK_AFTER_DAYS]
    passed = [day for day in days if day <= now]
    looks = [look.at for look in memory.store.reports.looks(report.report_id) if look.found != NOT_LOOKED]
    return bool(passed) and not any(at >= passed[-1] for at in looks)


def _look(memory: ConsoleMemory, kept: KeptReport, now: datetime) -> Rechecked:
    report = kept.report
    removed_at = max((step.at for step in report.steps if step.state is ReportState.REMOVED), default=None)
    since = removed_at if report.state is ReportState.REMOVED and removed_at else report.handed_over_at or now
    found, said = _found(memory, kept.places, since)
    after = _after(report, found, said, now)
    memory.store.reports.looked(report.report_id, Look(now, found, said))
    if after is not report:
        memory.store.reports.move(report, after)
        if after.state is ReportState.RETURNED:
            _tell(memory, kept, f"reported to {report.recipient} and removed, it is back: {said}", now)
    sources = tuple(sorted({place.source for place in kept.places}))
    return Rechecked(report.report_id, report.case_id, report.recipient, found, after.state, said, sources)


def _found(memory: ConsoleMemory, places: Sequence[ReportedPlace], since: datetime) -> tuple[str, str]:
    there, gone, unseen = [], [], []
    for place in places:
        state = memory.store.histories.state(place.source, place.external_id)
        if state is None:
            unseen.append(place)
        elif state.gone_at is not None:
            gone.append(state.gone_at)
        elif state.last_seen_at > since:
            there.append(state.last_seen_at)
        else:
            unseen.append(place)
    counted = f"{len(there)} of {len(places)} seen again, {len(gone)} gone, {len(unseen)} not looked at since"
    if there:
        return THERE, f"{counted}; last seen {max(there):%Y-%m-%d %H:%M} UTC"
    if unseen:
        return NOT_LOOKED, f"{counted}; watch or import {unseen[0].source}"
    return GONE, f"{counted}; since {max(gone):%Y-%m-%d %H:%M} UTC"


def _after(report: Report, found: str, said: str, now: datetime) -> Report:
    if found == THERE and report.state is ReportState.REMOVED:
        return record_returned(report, PROGRAM, said, now)
    may_be_removed = {ReportState.HANDED_OVER, ReportState.ACKNOWLEDGED, ReportState.REFUSED, ReportState.RETURNED}
    if found == GONE and report.state in may_be_removed:
        return record_removed(report, PROGRAM, f"seen by us, not said by the recipient: {said}", now)
    return report


def _tell(memory: ConsoleMemory, kept: KeptReport, said: str, now: datetime) -> None:
    """Write it where people look: into the case, or beside the alert."""
    kind, _, name = kept.subject.partition(":")
    if kind == "case":
        memory.cases.write(int(name), EntryKind.NOTE, said, PROGRAM.identity, now)
        return
    for place in kept.places:
        note(memory, place.alert_id, said, PROGRAM.identity, now)
