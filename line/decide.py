"""Deciding about alerts: verdicts, undoing, reversing, claiming, skipping, sleeping; every step is written down."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.alert import Alert, AlertStatus
from domain.decision import Decision, Outcome
from domain.errors import UndercutError
from line.report_corrections import correct_after_reversal
from line.review import SECOND_ASKED, Stage, Standing, held_by_other, may_undo, standing_of
from line.review_reasons import CLOSING, MOST_NOTE, SKIP_REASONS, choice_of, needs_note
from storage.console_memory import ConsoleMemory
from storage.reviews import Need, ReviewEvent, ReviewKind, Work

MOST_IN_A_BATCH = 200
LONGEST_SNOOZE = timedelta(days=90)


class DecisionError(UndercutError):
    """A decision that cannot be taken; the message says what is missing or in the way."""


class ConflictError(DecisionError):
    """Something was done with the alert since the page was opened; look at it again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person chose: outcome, reason code, clause of the provider's terms, note, and whether to ask for a second.

    `seen` is the number of the last event that the person's page showed; None where nobody looked (bulk).
    """

    outcome: Outcome
    reason_code: str
    note: str = ""
    clause: str = ""
    ask_second: bool = False
    alert_version: int | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class AlertReview:
    """An alert with everything that reviewers did to it."""

    alert: Alert
    standing: Standing
    events: tuple[ReviewEvent, ...]
    work: Work

    @property
    def last_event(self) -> int:
        """The number of the newest event, 0 without one."""
        return self.events[-1].number if self.events else 0


def review_of(memory: ConsoleMemory, alert_id: str) -> AlertReview:
    """Where an alert stands now; raises UnknownRecordError."""
    alert = memory.store.alerts.get(alert_id)
    events = memory.reviews.events(alert_id)
    standing = standing_of(alert, memory.store.decisions.of(alert_id), events)
    return AlertReview(alert, standing, events, memory.reviews.work(alert_id))


def decide(
    memory: ConsoleMemory,
    alert_id: str,
    verdict: Verdict,
    person: str,
    now: datetime,
    *,
    lead: bool = False,
    batch: str | None = None,
) -> AlertReview:
    """Write a verdict down and say where the alert stands with it; raises DecisionError or ConflictError."""
    before = review_of(memory, alert_id)
    check_verdict(before, verdict, person, now, lead=lead)
    decision = Decision(
        alert_id, before.alert.version, verdict.outcome, verdict.reason_code, verdict.note.strip(), person, now
    )
    clause = f"{SECOND_ASKED}; {verdict.clause}".rstrip("; ") if verdict.ask_second else verdict.clause
    number = memory.store.decisions.add(decision, before.alert.status)
    event = ReviewEvent(
        alert_id, before.alert.version, ReviewKind.DECIDED, person, now, decision.note, clause, number, batch
    )
    return _settle(memory, before, event, now)


def check_verdict(review: AlertReview, verdict: Verdict, person: str, now: datetime, *, lead: bool) -> None:
    """Raises DecisionError for a verdict that may not be given, and says why."""
    if verdict.alert_version is not None and verdict.alert_version != review.alert.version:
        raise ConflictError(f"the alert says something new: version {review.alert.version}; read it before you decide")
    if verdict.seen is not None and verdict.seen != review.last_event and not review.standing.blind_to(person):
        raise ConflictError("somebody did something with this alert since you opened it; look again before you decide")
    holder = held_by_other(review.work, person, now)
    if holder is not None:
        raise ConflictError(f"{holder} holds this alert; take it over with a reason, or leave it")
    if verdict.reason_code not in {reason.code for reason in choice_of(verdict.outcome).reasons}:
        raise DecisionError(f"choose a reason for “{choice_of(verdict.outcome).label}”")
    if len(verdict.note) > MOST_NOTE:
        raise DecisionError(f"the note is longer than {MOST_NOTE} characters")
    if needs_note(review.alert.severity, verdict.outcome) and not verdict.note.strip():
        raise DecisionError("this outcome, or this severity, needs a note: say in a sentence why")
    _check_stage(review.standing, person, lead=lead)


def _check_stage(standing: Standing, person: str, *, lead: bool) -> None:
    own = any(kept.decision.analyst == person for kept in standing.verdicts)
    match standing.stage:
        case Stage.AWAITS_SECOND if own:
            raise DecisionError("your verdict stands; the second one must come from another person")
        case Stage.DISAGREED if not lead:
            raise DecisionError("two verdicts differ; a lead decides")
        case Stage.SETTLED if standing.outcome in CLOSING:
            raise DecisionError("this is decided; reverse the decision with a reason first")
        case _:
            return


def undo(memory: ConsoleMemory, alert_id: str, person: str, now: datetime) -> AlertReview:
    """Take back one's own newest verdict within ten minutes; raises DecisionError after."""
    before = review_of(memory, alert_id)
    own = may_undo(before.standing, person, now)
    if own is None:
        raise DecisionError("nothing of yours can be undone here any more; reverse the decision with a reason")
    event = _event(before, ReviewKind.UNDONE, person, now, decision_number=own.number)
    after = _settle(memory, before, event, now)
    correct_after_reversal(memory, alert_id, "the decision it rested on was taken back", person, now)
    return after


def reverse(
    memory: ConsoleMemory, alert_id: str, reason: str, person: str, now: datetime, *, lead: bool
) -> AlertReview:
    """Take every verdict that holds back, with a reason: one's own, or as a lead anybody's."""
    before = review_of(memory, alert_id)
    verdicts = before.standing.verdicts
    if not verdicts:
        raise DecisionError("there is no decision to reverse")
    if not reason.strip():
        raise DecisionError("a reversal needs a reason")
    if not lead and any(kept.decision.analyst != person for kept in verdicts):
        raise DecisionError("only a lead reverses what somebody else decided")
    events = [
        _event(before, ReviewKind.REVERSED, person, now, note=reason.strip()[:MOST_NOTE], decision_number=kept.number)
        for kept in verdicts
    ]
    after = _settle(memory, before, events[-1], now, further=events[:-1])
    correct_after_reversal(memory, alert_id, reason, person, now)
    return after


def claim(memory: ConsoleMemory, alert_id: str, person: str, now: datetime, *, reason: str = "") -> AlertReview:
    """Hold an alert; taking it over from somebody else needs a reason."""
    before = review_of(memory, alert_id)
    if held_by_other(before.work, person, now) is not None and not reason.strip():
        raise DecisionError(f"{before.work.holder} holds this alert; say why you take it over")
    event = _event(before, ReviewKind.CLAIMED, person, now, note=reason.strip()[:MOST_NOTE])
    work = replace(before.work, holder=person, held_since=now)
    status = AlertStatus.CLAIMED if before.alert.status is AlertStatus.OPEN else None
    memory.reviews.write(work, [event], status)
    return review_of(memory, alert_id)


def release(memory: ConsoleMemory, alert_id: str, person: str, now: datetime) -> AlertReview:
    """Let go of an alert that one holds."""
    before = review_of(memory, alert_id)
    if before.work.holder != person:
        raise DecisionError("you do not hold this alert")
    status = AlertStatus.OPEN if before.alert.status is AlertStatus.CLAIMED else None
    memory.reviews.write(
        replace(before.work, holder=None, held_since=None), [_event(before, ReviewKind.RELEASED, person, now)], status
    )
    return review_of(memory, alert_id)


def hand_over(memory: ConsoleMemory, alert_id: str, to: str, note: str, person: str, now: datetime) -> AlertReview:
    """Give an alert that one holds, or that nobody holds, to somebody else."""
    before = review_of(memory, alert_id)
    if held_by_other(before.work, person, now) is not None:
        raise DecisionError(f"{before.work.holder} holds this alert; only they hand it over")
    account = memory.accounts.named(to)
    if account is None or not account.active:
        raise DecisionError("choose somebody who has an account here")
    said = f"to {account.name}" + (f": {note.strip()}" if note.strip() else "")
    event = _event(before, ReviewKind.HANDED_OVER, person, now, note=said[:MOST_NOTE])
    memory.reviews.write(
        replace(before.work, holder=account.name, held_since=now),
        [event],
        AlertStatus.CLAIMED if before.alert.status is AlertStatus.OPEN else None,
    )
    return review_of(memory, alert_id)


def skip(memory: ConsoleMemory, alert_id: str, reason: str, person: str, now: datetime) -> None:
    """Leave an alert for others, with a reason; skips are told as what they are."""
    labels = dict(SKIP_REASONS)
    if reason not in labels:
        raise DecisionError("say why you skip it")
    before = review_of(memory, alert_id)
    memory.reviews.write(before.work, [_event(before, ReviewKind.SKIPPED, person, now, note=labels[reason])])


def snooze(memory: ConsoleMemory, alert_id: str, until: datetime, note: str, person: str, now: datetime) -> AlertReview:
    """Let an alert sleep until a moment; it opens by itself then."""
    before = review_of(memory, alert_id)
    if not now < until <= now + LONGEST_SNOOZE:
        raise DecisionError(f"an alert sleeps for at most {LONGEST_SNOOZE.days} days")
    if before.alert.status is AlertStatus.CLOSED:
        raise DecisionError("this alert is closed; there is nothing to sleep on")
    said = f"until {until:%Y-%m-%d %H:%M} UTC" + (f": {note.strip()}" if note.strip() else "")
    event = _event(before, ReviewKind.SNOOZED, person, now, note=said[:MOST_NOTE])
    memory.reviews.write(replace(before.work, snoozed_until=until), [event], AlertStatus.SNOOZED)
    return review_of(memory, alert_id)


def note(memory: ConsoleMemory, alert_id: str, text: str, person: str, now: datetime) -> None:
    """Write an internal note beside an alert; it never leaves the house."""
    if not text.strip() or len(text) > MOST_NOTE:
        raise DecisionError(f"a note has 1 to {MOST_NOTE} characters")
    before = review_of(memory, alert_id)
    memory.reviews.write(before.work, [_event(before, ReviewKind.NOTED, person, now, note=text.strip())])


@dataclass(frozen=True, slots=True)
class BulkLine:
    """One alert of a bulk decision: what would become of it, or why it is left out."""

    alert: Alert
    refusal: str | None
    waits_for_second: bool


def preview_bulk(
    memory: ConsoleMemory, alert_ids: Iterable[str], verdict: Verdict, person: str, now: datetime
) -> tuple[BulkLine, ...]:
    """What a bulk decision would do, alert by alert; nothing is written."""
    chosen = list(dict.fromkeys(alert_ids))
    if not chosen or len(chosen) > MOST_IN_A_BATCH:
        raise DecisionError(f"choose 1 to {MOST_IN_A_BATCH} alerts")
    return tuple(_bulk_line(review_of(memory, alert_id), verdict, person, now) for alert_id in chosen)


def _bulk_line(review: AlertReview, verdict: Verdict, person: str, now: datetime) -> BulkLine:
    try:
        check_verdict(review, verdict, person, now, lead=False)
    except DecisionError as error:
        return BulkLine(review.alert, str(error), False)
    would_be = _wants_a_second(review, verdict)
    return BulkLine(review.alert, None, would_be)


def _wants_a_second(review: AlertReview, verdict: Verdict) -> bool:
    from line.review_reasons import needs_second

    return review.standing.stage is Stage.UNDECIDED and (
        verdict.ask_second or needs_second(review.alert.severity, verdict.outcome)
    )


def decide_bulk(
    memory: ConsoleMemory, alert_ids: Sequence[str], verdict: Verdict, person: str, now: datetime
) -> tuple[str, int, int]:
    """Decide many alerts alike: the batch's name, how many were decided, how many left out."""
    batch = secrets.token_hex(8)
    lines = preview_bulk(memory, alert_ids, verdict, person, now)
    decided = [line.alert.alert_id for line in lines if line.refusal is None]
    for alert_id in decided:
        decide(memory, alert_id, verdict, person, now, batch=batch)
    return batch, len(decided), len(lines) - len(decided)


def undo_bulk(memory: ConsoleMemory, batch: str, person: str, now: datetime) -> tuple[int, int]:
    """Undo every verdict of a batch that may still be undone: how many were, how many not."""
    undone = kept = 0
    for event in memory.reviews.batch(batch):
        try:
            undo(memory, event.alert_id, person, now)
            undone += 1
        except DecisionError:
            kept += 1
    return undone, kept


def _event(
    review: AlertReview,
    kind: ReviewKind,
    person: str,
    now: datetime,
    *,
    note: str = "",
    decision_number: int | None = None,
) -> ReviewEvent:
    alert = review.alert
    return ReviewEvent(alert.alert_id, alert.version, kind, person, now, note, decision_number=decision_number)


def _settle(
    memory: ConsoleMemory, before: AlertReview, event: ReviewEvent, now: datetime, further: Sequence[ReviewEvent] = ()
) -> AlertReview:
    """Write what was done, and the status and needs that follow from it."""
    alert = before.alert
    events: Sequence[ReviewEvent] = [*further, event]
    after = standing_of(alert, memory.store.decisions.of(alert.alert_id), (*before.events, *events))
    while True:
        memory.reviews.write(_work_of(alert, after), events, _status_of(after))
        review = review_of(memory, alert.alert_id)
        if review.standing == after or review.alert.version != alert.version:
            return review
        # Somebody else decided at the same moment: what follows from both is written, by whoever comes last.
        after, events = review.standing, ()


def _work_of(alert: Alert, standing: Standing) -> Work:
    needs = {Stage.AWAITS_SECOND: Need.SECOND, Stage.DISAGREED: Need.LEAD}.get(standing.stage, Need.NOTHING)
    first = standing.verdicts[0].decision.analyst if standing.verdicts else None
    return Work(alert.alert_id, needs=needs, first_by=first, snoozed_until=None)


def _status_of(standing: Standing) -> AlertStatus:
    closed = standing.stage is Stage.SETTLED and standing.outcome in CLOSING
    return AlertStatus.CLOSED if closed else AlertStatus.OPEN
