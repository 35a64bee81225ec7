"""The outbox in memory keeps the rules of its port."""

from datetime import timedelta

import pytest

from alerts.memory_outbox import MemoryOutbox, NoticeState, UnknownNoticeError
from domain.alert import Severity
from tests.alerts.conftest import NOON, make_alert, make_notice

LEASE = timedelta(minutes=5)


def claim(outbox: MemoryOutbox, now=NOON, limit: int = 10) -> list[str]:
    return [claimed.notice.notice_id for claimed in outbox.claim_due(now, limit, LEASE)]


def test_what_is_claimed_is_kept_from_others_until_the_lease_runs_out() -> None:
    outbox = MemoryOutbox([make_notice(1), make_notice(2)])
    assert claim(outbox, limit=1) == ["al-1.1.duty"]
    assert claim(outbox) == ["al-2.1.duty"]
    assert claim(outbox, NOON + timedelta(minutes=4)) == []
    assert claim(outbox, NOON + LEASE) == ["al-1.1.duty", "al-2.1.duty"]


def test_the_gravest_come_first_then_the_oldest() -> None:
    critical = make_notice(alert=make_alert("grave", severity=Severity.CRITICAL), created_at=NOON)
    old = make_notice(2, created_at=NOON - timedelta(hours=1))
    outbox = MemoryOutbox([make_notice(1), old, critical])
    assert claim(outbox) == ["grave.1.duty", "al-2.1.duty", "al-1.1.duty"]


def test_a_later_version_waits_for_an_earlier_one_that_is_held_by_others_or_tried_again() -> None:
    first, second = make_notice(alert=make_alert(version=1)), make_notice(alert=make_alert(version=2))
    outbox = MemoryOutbox([first])
    claim(outbox)
    outbox.add(second)
    assert claim(outbox) == []
    outbox.mark_retry(first.notice_id, NOON + timedelta(minutes=1), "500")
    assert claim(outbox) == []
    assert claim(outbox, NOON + timedelta(minutes=1)) == [first.notice_id, second.notice_id]


@pytest.mark.parametrize(("severity", "goes_past"), [(Severity.CRITICAL, True), (Severity.HIGH, False)])
def test_only_a_graver_one_goes_past_one_that_was_put_back_untried(severity: Severity, goes_past: bool) -> None:
    first = make_notice(alert=make_alert(version=1))
    second = make_notice(alert=make_alert(version=2, severity=severity))
    outbox = MemoryOutbox([first])
    claim(outbox)
    outbox.mark_held(first.notice_id, NOON + timedelta(hours=8), "quiet hours")
    outbox.add(second)
    assert claim(outbox) == ([second.notice_id] if goes_past else [])


def test_a_graver_version_does_not_go_past_one_that_is_due_too() -> None:
    mild = make_notice(alert=make_alert(version=1, severity=Severity.LOW))
    grave = make_notice(alert=make_alert(version=2, severity=Severity.CRITICAL))
    assert claim(MemoryOutbox([mild, make_notice(2), grave])) == [mild.notice_id, grave.notice_id, "al-2.1.duty"]


def test_attempts_are_counted_and_holds_are_not() -> None:
    outbox = MemoryOutbox([make_notice()])
    claim(outbox)
    outbox.mark_held("al-1.1.duty", NOON, "quiet hours")
    (claimed,) = outbox.claim_due(NOON, 1, LEASE)
    assert (claimed.attempts, claimed.first_attempt_at) == (0, None)
    outbox.mark_retry("al-1.1.duty", NOON + timedelta(minutes=1), "500")
    (claimed,) = outbox.claim_due(NOON + timedelta(minutes=1), 1, LEASE)
    assert (claimed.attempts, claimed.first_attempt_at) == (1, NOON)


def test_what_is_finished_is_never_due_again() -> None:
    outbox = MemoryOutbox([make_notice(1), make_notice(2)])
    outbox.mark_delivered("al-1.1.duty", NOON, "ok")
    outbox.mark_parked("al-2.1.duty", NOON, "refused")
    assert claim(outbox, NOON + timedelta(days=365)) == []
    assert [row.detail for row in outbox.in_state(NoticeState.PARKED)] == ["refused"]


def test_adding_a_notice_twice_changes_nothing() -> None:
    outbox = MemoryOutbox([make_notice()])
    outbox.mark_delivered("al-1.1.duty", NOON, "ok")
    outbox.add(make_notice())
    assert claim(outbox) == []


def test_an_unknown_notice_is_named() -> None:
    with pytest.raises(UnknownNoticeError, match="no notice 'x'"):
        MemoryOutbox().mark_delivered("x", NOON, "")
