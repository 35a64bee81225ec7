"""Where an alert stands with its reviewers: a pure reading of verdicts and of what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.alert import Alert
from domain.decision import Decision, Outcome
from line.review_reasons import CLOSING, HELD_FOR, UNDO_FOR, needs_second
from storage.decisions import KeptDecision
from storage.reviews import ReviewEvent, ReviewKind, Work

SECOND_ASKED = "second review asked for"
"""What an event's batch-free clause says of a decision whose author asked for a second one."""


class Stage(StrEnum):
    """What an alert waits for."""

    UNDECIDED = "undecided"
    AWAITS_SECOND = "awaits_second"
    DISAGREED = "disagreed"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an alert stands: the verdicts that hold on its newest version, and what they amount to.

    `outcome` is what holds, None while nothing does. `verdicts` are in order; those undone or reversed are not there.
    """

    stage: Stage
    verdicts: tuple[KeptDecision, ...]
    outcome: Outcome | None

    @property
    def last(self) -> KeptDecision | None:
        """The newest verdict that holds."""
        return self.verdicts[-1] if self.verdicts else None

    def blind_to(self, person: str) -> bool:
        """Must the first verdict be kept from this person, who might be asked for the second?"""
        if self.stage is not Stage.AWAITS_SECOND:
            return False
        return all(kept.decision.analyst != person for kept in self.verdicts)


def standing_of(alert: Alert, decisions: Sequence[KeptDecision], events: Sequence[ReviewEvent]) -> Standing:
    """Where an alert stands."""
    taken_back = {event.decision_number for event in events if event.kind in {ReviewKind.UNDONE, ReviewKind.REVERSED}}
    holding = tuple(
        kept for kept in decisions if kept.decision.alert_version == alert.version and kept.number not in taken_back
    )
    if not holding:
        return Standing(Stage.UNDECIDED, (), None)
    last = holding[-1].decision
    if not _wants_second(alert, holding, events):
        return Standing(Stage.SETTLED, holding, last.outcome)
    return _with_second(holding)


def _wants_second(alert: Alert, holding: Sequence[KeptDecision], events: Sequence[ReviewEvent]) -> bool:
    asked = {event.decision_number for event in events if event.kind is ReviewKind.DECIDED and _asks(event)}
    return any(kept.number in asked or needs_second(alert.severity, kept.decision.outcome) for kept in holding) and any(
        kept.decision.outcome in CLOSING for kept in holding
    )


def _asks(event: ReviewEvent) -> bool:
    return event.clause.startswith(SECOND_ASKED)


def _with_second(holding: tuple[KeptDecision, ...]) -> Standing:
    by_person: dict[str, Decision] = {kept.decision.analyst: kept.decision for kept in holding}
    verdicts = list(by_person.values())
    if len(verdicts) == 1:
        only = verdicts[0]
        if only.outcome not in CLOSING:
            return Standing(Stage.SETTLED, holding, only.outcome)
        return Standing(Stage.AWAITS_SECOND, holding, None)
    if len(verdicts) == 2 and verdicts[0].outcome is not verdicts[1].outcome:
        return Standing(Stage.DISAGREED, holding, None)
    return Standing(Stage.SETTLED, holding, holding[-1].decision.outcome)


def may_undo(standing: Standing, person: str, now: datetime) -> KeptDecision | None:
    """The person's own newest verdict, while it may still be undone."""
    last = standing.last
    if last is None or last.decision.analyst != person or now - last.decision.decided_at > UNDO_FOR:
        return None
    return last


def held_by_other(work: Work, person: str, now: datetime) -> str | None:
    """Who else holds the alert; a claim that is older than half an hour holds nothing."""
    if work.holder is None or work.holder == person or work.held_since is None:
        return None
    return work.holder if now - work.held_since <= HELD_FOR else None
