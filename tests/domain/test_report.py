"""A report moves only by the rules, by people who may, and what is sent is what was approved."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.case import Role
from domain.report import (
    Actor,
    HandOver,
    Report,
    ReportState,
    Submission,
    TransitionError,
    acknowledge,
    approve,
    hand_over,
    next_recheck,
    record_refused,
    record_removed,
    record_returned,
    reverse_decision,
    send_back,
    submit_for_review,
)

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FIRST = Actor("a-1", Role.ANALYST)
SECOND = Actor("a-2", Role.REVIEWER)
CONTENT = "ab" * 32


def draft(submission: Submission = Submission.MAIL, **changes: object) -> Report:
    values: dict[str, object] = {
        "report_id": "r-1", "case_id": "c-1", "recipient": "anthropic", "format": "pdf", "submission": submission,
        "prepared_by": FIRST, "prepared_at": NOW,
    }  # fmt: skip
    return Report(**(values | changes))  # type: ignore[arg-type]


def approved(submission: Submission = Submission.MAIL) -> Report:
    return approve(submit_for_review(draft(submission), FIRST, CONTENT, NOW), SECOND, CONTENT, NOW)


def test_the_whole_way_keeps_every_step() -> None:
    report = hand_over(approved(), FIRST, CONTENT, HandOver.MAIL, NOW)
    report = acknowledge(report, FIRST, "T-77", NOW)
    report = record_removed(report, FIRST, "gone twice", NOW)
    report = record_returned(report, FIRST, "seen again", NOW)
    assert [step.state for step in report.steps] == [
        ReportState.SECOND_REVIEW,
        ReportState.APPROVED,
        ReportState.HANDED_OVER,
        ReportState.ACKNOWLEDGED,
        ReportState.REMOVED,
        ReportState.RETURNED,
    ]
    assert report.reference == "T-77"
    assert report.handed_over_at == NOW


def test_the_second_reviewer_is_another_person_even_under_another_role() -> None:
    waiting = submit_for_review(draft(), FIRST, CONTENT, NOW)
    with pytest.raises(TransitionError, match="another person"):
        approve(waiting, Actor("a-1", Role.LEAD), CONTENT, NOW)


def test_an_analyst_may_not_approve() -> None:
    waiting = submit_for_review(draft(), FIRST, CONTENT, NOW)
    with pytest.raises(TransitionError, match="analyst may not approve"):
        approve(waiting, Actor("a-3", Role.ANALYST), CONTENT, NOW)


def test_only_the_reviewed_content_is_approved_and_sent() -> None:
    waiting = submit_for_review(draft(), FIRST, CONTENT, NOW)
    with pytest.raises(TransitionError, match="not what was reviewed"):
        approve(waiting, SECOND, "cd" * 32, NOW)
    with pytest.raises(TransitionError, match="not what was reviewed"):
        hand_over(approved(), FIRST, "cd" * 32, HandOver.MAIL, NOW)


def test_nothing_is_sent_before_approval() -> None:
    waiting = submit_for_review(draft(), FIRST, CONTENT, NOW)
    with pytest.raises(TransitionError, match="cannot become handed_over"):
        hand_over(waiting, FIRST, CONTENT, HandOver.MAIL, NOW)


@pytest.mark.parametrize("manner", [HandOver.MAIL, HandOver.INTERFACE])
def test_a_recipient_that_forbids_programs_gets_reports_from_people_only(manner: HandOver) -> None:
    report = approved(Submission.PERSON_ONLY)
    with pytest.raises(TransitionError, match="a person must file it"):
        hand_over(report, FIRST, CONTENT, manner, NOW)
    assert hand_over(report, FIRST, CONTENT, HandOver.BY_PERSON, NOW).state is ReportState.HANDED_OVER


def test_sending_back_voids_the_approval() -> None:
    again = send_back(approved(), SECOND, "wrong picture", NOW)
    assert (again.state, again.content_sha256) == (ReportState.DRAFT, None)
    with pytest.raises(TransitionError, match="say why"):
        send_back(approved(), SECOND, " ", NOW)


def test_a_refusal_needs_its_reason() -> None:
    with pytest.raises(TransitionError, match="reason"):
        record_refused(hand_over(approved(), FIRST, CONTENT, HandOver.MAIL, NOW), FIRST, "", NOW)


def test_places_are_looked_at_again_on_the_set_days() -> None:
    report = hand_over(approved(), FIRST, CONTENT, HandOver.MAIL, NOW)
    assert next_recheck(report, NOW) == NOW + timedelta(days=1)
    assert next_recheck(report, NOW + timedelta(days=8)) == NOW + timedelta(days=14)
    assert next_recheck(report, NOW + timedelta(days=91)) is None
    assert next_recheck(draft(), NOW) is None


def test_reversing_prepares_a_correction_for_everyone_who_was_told_and_for_nobody_twice() -> None:
    told = hand_over(approved(), FIRST, CONTENT, HandOver.MAIL, NOW)
    waiting = submit_for_review(draft(report_id="r-2", recipient="openai"), FIRST, CONTENT, NOW)
    untouched = draft(report_id="r-3")
    kept, corrections = reverse_decision((told, waiting, untouched), SECOND, "it was the provider's own shop", NOW)
    assert [report.state for report in kept] == [ReportState.HANDED_OVER, ReportState.DRAFT, ReportState.DRAFT]
    assert [(c.recipient, c.corrects, c.state) for c in corrections] == [("anthropic", "r-1", ReportState.DRAFT)]
    assert reverse_decision((*kept, *corrections), SECOND, "again", NOW)[1] == ()
