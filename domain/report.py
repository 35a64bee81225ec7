"""A report on its way to a recipient: who may move it on, and what is needed. Pure rules, each giving a new Report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import Role
from domain.errors import UndercutError


class ReportState(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    SECOND_REVIEW = "second_review"
    APPROVED = "approved"
    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    REMOVED = "removed"
    REFUSED = "refused"
    RETURNED = "returned"


class Submission(StrEnum):
    """How a recipient takes reports."""

    PERSON_ONLY = "person_only"
    MAIL = "mail"
    INTERFACE = "interface"


class HandOver(StrEnum):
    """How a report left the house."""

    BY_PERSON = "by_person"
    MAIL = "mail"
    INTERFACE = "interface"


TOLD = frozenset(
    {
        ReportState.HANDED_OVER,
        ReportState.ACKNOWLEDGED,
        ReportState.REMOVED,
        ReportState.REFUSED,
        ReportState.RETURNED,
    }
)
"""States in which the recipient has the report, and must be told when it turns out wrong."""

RECHECK_AFTER_DAYS = (1, 3, 7, 14, 30, 60, 90)
"""Days after handing over on which the place is looked at again."""

_NEXT = {
    ReportState.DRAFT: {ReportState.SECOND_REVIEW},
    ReportState.SECOND_REVIEW: {ReportState.APPROVED, ReportState.DRAFT},
    ReportState.APPROVED: {ReportState.HANDED_OVER, ReportState.DRAFT},
    ReportState.HANDED_OVER: {ReportState.ACKNOWLEDGED, ReportState.REMOVED, ReportState.REFUSED},
    ReportState.ACKNOWLEDGED: {ReportState.REMOVED, ReportState.REFUSED},
    ReportState.REFUSED: {ReportState.REMOVED},
    ReportState.REMOVED: {ReportState.RETURNED},
    ReportState.RETURNED: {ReportState.REMOVED},
}
_MAY_PREPARE = frozenset({Role.ANALYST, Role.REVIEWER, Role.LEAD})
_MAY_APPROVE = frozenset({Role.REVIEWER, Role.LEAD, Role.LEGAL})
_MANNER_OF = {Submission.MAIL: HandOver.MAIL, Submission.INTERFACE: HandOver.INTERFACE}


class TransitionError(UndercutError):
    """A report may not be moved that way now, or not by that person; the message says what is needed."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an identity known only in the house, and the role that exports name."""

    identity: str
    role: Role


@dataclass(frozen=True, slots=True)
class Step:
    """One move of a report, kept for good."""

    state: ReportState
    at: datetime
    actor: Actor
    note: str = ""
    content_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One case in one format for one recipient.

    `content_sha256` is the digest of exactly what was put to review, and the only thing that may be sent.
    `submission` is how the recipient takes reports. `corrects` names the report that this one takes back.
    """

    report_id: str
    case_id: str
    recipient: str
    format: str
    submission: Submission
    prepared_by: Actor
    prepared_at: datetime
    state: ReportState = ReportState.DRAFT
    content_sha256: str | None = None
    handed_over_at: datetime | None = None
    reference: str = ""
    corrects: str | None = None
    steps: tuple[Step, ...] = ()


def submit_for_review(report: Report, actor: Actor, content_sha256: str, at: datetime) -> Report:
    """Draft to second review, fixing the content by its digest."""
    _require_role(report, actor, _MAY_PREPARE, "put a report to review")
    if len(content_sha256) != 64:
        raise TransitionError(f"report {report.report_id}: review needs the SHA-256 of the rendered content")
    moved = _move(report, ReportState.SECOND_REVIEW, actor, at, content_sha256=content_sha256)
    return replace(moved, content_sha256=content_sha256, prepared_by=actor)


def approve(report: Report, actor: Actor, content_sha256: str, at: datetime) -> Report:
    """Second review to approved, by another person, of exactly the content under review."""
    _require_role(report, actor, _MAY_APPROVE, "approve a report")
    preparers = {report.prepared_by.identity} | _submitters(report)
    if actor.identity in preparers:
        raise TransitionError(f"report {report.report_id}: the second reviewer must be another person than the first")
    _require_content(report, content_sha256, "approved")
    return _move(report, ReportState.APPROVED, actor, at, content_sha256=content_sha256)


def send_back(report: Report, actor: Actor, reason: str, at: datetime) -> Report:
    """Back to draft before it was handed over; the approval and the fixed content are void."""
    if not reason.strip():
        raise TransitionError(f"report {report.report_id}: say why it goes back to draft")
    return replace(_move(report, ReportState.DRAFT, actor, at, note=reason), content_sha256=None)


def hand_over(report: Report, actor: Actor, sent_sha256: str, manner: HandOver, at: datetime) -> Report:
    """Approved to handed over: what is sent is bit for bit what was approved, in a manner the recipient allows.

    A recipient that takes reports from people only never gets one from the program.
    """
    _require_content(report, sent_sha256, "sent")
    if manner is not HandOver.BY_PERSON and _MANNER_OF.get(report.submission) is not manner:
        raise TransitionError(
            f"report {report.report_id}: {report.recipient} takes reports as {report.submission.value}, "
            f"not by {manner.value}; a person must file it"
        )
    moved = _move(report, ReportState.HANDED_OVER, actor, at, note=manner.value, content_sha256=sent_sha256)
    return replace(moved, handed_over_at=at)


def acknowledge(report: Report, actor: Actor, reference: str, at: datetime) -> Report:
    """The recipient confirmed receipt, with its own reference where it gave one."""
    return replace(_move(report, ReportState.ACKNOWLEDGED, actor, at, note=reference), reference=reference)


def record_removed(report: Report, actor: Actor, note: str, at: datetime) -> Report:
    """What was reported is gone or closed."""
    return _move(report, ReportState.REMOVED, actor, at, note=note)


def record_refused(report: Report, actor: Actor, reason: str, at: datetime) -> Report:
    """The recipient declined; its reason is kept, since refusals teach precision."""
    if not reason.strip():
        raise TransitionError(f"report {report.report_id}: a refusal is recorded with the recipient's reason")
    return _move(report, ReportState.REFUSED, actor, at, note=reason)


def record_returned(report: Report, actor: Actor, note: str, at: datetime) -> Report:
    """A later look found it again."""
    return _move(report, ReportState.RETURNED, actor, at, note=note)


def next_recheck(report: Report, now: datetime) -> datetime | None:
    """When the place is to be looked at next; None before handing over and after the last look."""
    if report.handed_over_at is None:
        return None
    due = (report.handed_over_at + timedelta(days=days) for days in RECHECK_AFTER_DAYS)
    return next((moment for moment in due if moment > now), None)


def reverse_decision(
    reports: Sequence[Report], actor: Actor, reason: str, at: datetime
) -> tuple[tuple[Report, ...], tuple[Report, ...]]:
    """The reports after a decision was reversed, and a draft correction for every recipient who was told.

    What was not handed over yet goes back to draft. A recipient told by several reports gets a correction of each,
    since each may have been filed apart; one that was corrected already gets none.
    """
    corrected = {report.corrects for report in reports if report.corrects is not None}
    kept, corrections = [], []
    for report in reports:
        if report.corrects is None and report.state in {ReportState.SECOND_REVIEW, ReportState.APPROVED}:
            kept.append(send_back(report, actor, reason, at))
            continue
        kept.append(report)
        if report.corrects is None and report.state in TOLD and report.report_id not in corrected:
            corrections.append(
                Report(
                    report_id=f"{report.report_id}-correction",
                    case_id=report.case_id,
                    recipient=report.recipient,
                    format=report.format,
                    submission=report.submission,
                    prepared_by=actor,
                    prepared_at=at,
                    corrects=report.report_id,
                    steps=(Step(ReportState.DRAFT, at, actor, reason),),
                )
            )
    return tuple(kept), tuple(corrections)


def _submitters(report: Report) -> set[str]:
    return {step.actor.identity for step in report.steps if step.state is ReportState.SECOND_REVIEW}


def _require_role(report: Report, actor: Actor, allowed: frozenset[Role], what: str) -> None:
    if actor.role not in allowed:
        needed = ", ".join(sorted(role.value for role in allowed))
        raise TransitionError(f"report {report.report_id}: {actor.role.value} may not {what}; needed: {needed}")


def _require_content(report: Report, content_sha256: str, what: str) -> None:
    if report.content_sha256 is None or content_sha256 != report.content_sha256:
        fixed = (report.content_sha256 or "none")[:12]
        raise TransitionError(
            f"report {report.report_id}: what is {what} ({content_sha256[:12]}) is not what was reviewed ({fixed}); "
            "render it again and put that to review"
        )


def _move(
    report: Report, to: ReportState, actor: Actor, at: datetime, note: str = "", content_sha256: str | None = None
) -> Report:
    if to not in _NEXT[report.state]:
        possible = ", ".join(sorted(state.value for state in _NEXT[report.state]))
        raise TransitionError(
            f"report {report.report_id} is {report.state.value} and cannot become {to.value}; possible: {possible}"
        )
    return replace(report, state=to, steps=(*report.steps, Step(to, at, actor, note, content_sha256)))
