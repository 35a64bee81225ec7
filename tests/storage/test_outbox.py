import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.alert import ClaimedNotice, Settled, Settlement, Severity
from storage.errors import UnknownRecordError
from storage.outbox import NoticeState
from storage.store import Store
from tests.storage.conftest import START, Builder

LEASE = timedelta(minutes=5)


def claim(store: Store, build: Builder, limit: int = 100) -> list[ClaimedNotice]:
    return store.outbox.claim_due(build.clock(), limit, LEASE)


def told(claimed: list[ClaimedNotice]) -> list[tuple[str, int]]:
    return [(one.notice.channel, one.notice.alert.version) for one in claimed]


def raise_version(store: Store, build: Builder, text: str, *channels: str) -> None:
    build.clock.advance(minutes=1)
    store.record(build.page(build.assessed("1", text, channels=channels)))


def test_a_notice_is_claimed_once_with_its_alert(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1", channels=("mail", "chat", "mail")))).opened
    claimed = claim(store, build)
    assert sorted(told(claimed)) == [("chat", 1), ("mail", 1)]
    for one in claimed:
        assert one.notice.alert == alert
        assert (one.attempts, one.first_attempt_at, one.notice.created_at) == (0, None, START)
    assert len({one.notice.idempotency_key for one in claimed}) == 2
    assert claim(store, build) == []
    assert store.outbox.counts()["delivering"] == 2


def test_what_was_delivered_is_never_claimed_again(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [one] = claim(store, build)
    store.outbox.mark_delivered(one.notice.notice_id, build.clock(), "200 OK")
    build.clock.advance(days=1)
    assert claim(store, build) == []
    assert store.outbox.counts() == {"pending": 0, "delivering": 0, "retry": 0, "delivered": 1, "parked": 0}
    assert store.outbox.oldest_waiting() is None


def test_a_retry_waits_and_keeps_its_key(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [first] = claim(store, build)
    store.outbox.mark_retry(first.notice.notice_id, build.clock() + timedelta(minutes=2), "503")
    assert claim(store, build) == []
    assert store.outbox.oldest_waiting() == START
    build.clock.advance(minutes=2)
    [second] = claim(store, build)
    assert second.notice.idempotency_key == first.notice.idempotency_key
    assert (second.attempts, second.first_attempt_at) == (1, START)


def test_the_claim_of_a_dead_deliverer_expires(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [first] = claim(store, build)
    build.clock.advance(minutes=4)
    assert claim(store, build) == []
    build.clock.advance(minutes=1)
    [second] = claim(store, build)
    assert second.notice == first.notice
    assert second.attempts == 1
    [interrupted] = store.outbox.attempts(first.notice.notice_id)
    assert (interrupted.attempt, interrupted.outcome) == (1, "interrupted")


def test_a_late_word_does_not_undo_what_was_delivered(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [slow] = claim(store, build)
    build.clock.advance(hours=1)
    [quick] = claim(store, build)
    store.outbox.mark_delivered(quick.notice.notice_id, build.clock(), "ok")
    store.outbox.mark_retry(slow.notice.notice_id, build.clock(), "timeout")
    assert store.outbox.counts()["delivered"] == 1
    assert [one.outcome for one in store.outbox.attempts(slow.notice.notice_id)] == [
        "interrupted",
        "delivered",
        "retry",
    ]


def test_versions_of_an_alert_reach_a_channel_in_order(store: Store, build: Builder) -> None:
    raise_version(store, build, "one", "chat")
    [first] = claim(store, build)
    raise_version(store, build, "two", "chat")
    raise_version(store, build, "three", "chat")
    assert claim(store, build) == []
    store.outbox.mark_retry(first.notice.notice_id, build.clock() + timedelta(hours=1), "busy")
    assert claim(store, build) == []
    build.clock.advance(hours=1)
    assert told(claim(store, build)) == [("chat", 1), ("chat", 2), ("chat", 3)]


def test_the_lower_version_comes_first_even_of_a_graver_one(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1", severity=Severity.LOW), build.assessed("2", severity=Severity.MEDIUM)))
    build.clock.advance(minutes=1)
    store.record(build.page(build.assessed("1", severity=Severity.CRITICAL)))
    first = claim(store, build, limit=1)
    assert [(one.notice.alert.external_id, one.notice.alert.version) for one in first] == [("1", 1)]
    assert [one.notice.alert.external_id for one in claim(store, build)] == ["2"]
    store.outbox.mark_delivered(first[0].notice.notice_id, build.clock(), "")
    assert told(claim(store, build)) == [("terminal", 2)]


def test_what_was_put_back_untried_counts_nothing_and_lets_only_a_graver_one_pass(store: Store, build: Builder) -> None:
    raise_version(store, build, "one", "chat")
    [one] = claim(store, build)
    store.outbox.mark_held(one.notice.notice_id, build.clock() + timedelta(hours=8), "quiet hours")
    raise_version(store, build, "two", "chat")
    assert claim(store, build) == []
    build.clock.advance(minutes=1)
    store.record(build.page(build.assessed("1", "three", channels=("chat",), severity=Severity.CRITICAL)))
    assert told(claim(store, build)) == [("chat", 3)]
    build.clock.advance(hours=8)
    [again] = [held for held in claim(store, build) if held.notice.alert.version == 1]
    assert (again.attempts, again.first_attempt_at) == (0, None)
    assert store.outbox.attempts(one.notice.notice_id) == ()


def test_what_was_tried_and_then_put_back_keeps_its_place(store: Store, build: Builder) -> None:
    raise_version(store, build, "one", "chat")
    [one] = claim(store, build)
    tried_at = build.clock()
    store.outbox.mark_retry(one.notice.notice_id, tried_at, "busy")
    claim(store, build)
    store.outbox.mark_held(one.notice.notice_id, build.clock() + timedelta(hours=8), "the receiver does not answer")
    raise_version(store, build, "two", "chat")
    assert claim(store, build) == []
    build.clock.advance(hours=8)
    again, later = claim(store, build)
    assert (again.attempts, again.first_attempt_at, again.notice.alert.version) == (1, tried_at, 1)
    assert later.notice.alert.version == 2
    assert [kept.alert_version for kept in store.outbox.of_alert(one.notice.alert.alert_id)] == [1, 2]


def test_a_parked_notice_lets_later_ones_pass_and_is_shown(store: Store, build: Builder) -> None:
    raise_version(store, build, "one", "chat")
    raise_version(store, build, "two", "chat")
    [one] = claim(store, build, limit=1)
    store.outbox.mark_parked(one.notice.notice_id, build.clock(), "chat not found")
    assert told(claim(store, build)) == [("chat", 2)]
    [parked] = store.outbox.list(NoticeState.PARKED)
    assert (parked.notice_id, parked.detail, parked.attempts) == (one.notice.notice_id, "chat not found", 1)


def test_a_notice_tells_its_own_version(store: Store, build: Builder) -> None:
    raise_version(store, build, "what version one said", "chat")
    raise_version(store, build, "what version two said", "chat")
    one, _ = claim(store, build)
    first, _ = store.alerts.versions(one.notice.alert.alert_id)
    assert one.notice.alert == first.alert
    assert one.notice.alert.finding.listing_version == build.listing("1", "what version one said").content_hash


def test_the_gravest_goes_first_and_no_more_than_asked(store: Store, build: Builder) -> None:
    severities = [Severity.LOW, Severity.MEDIUM, Severity.CRITICAL, Severity.HIGH, Severity.LOW]
    store.record(build.page(*(build.assessed(str(n), severity=one) for n, one in enumerate(severities))))
    claimed = claim(store, build, limit=2) + claim(store, build, limit=2)
    assert [one.notice.alert.severity for one in claimed] == [
        Severity.CRITICAL,
        Severity.HIGH,
        Severity.MEDIUM,
        Severity.LOW,
    ]


def test_two_deliverers_never_get_the_same_notice(open_store_again: Callable[[], Store], build: Builder) -> None:
    stores = [open_store_again() for _ in range(3)]
    stores[0].record(build.page(*(build.assessed(str(number)) for number in range(60))))
    claimed: list[str] = []

    def deliver(store: Store) -> None:
        while batch := store.outbox.claim_due(START, 7, LEASE):
            for one in batch:
                claimed.append(one.notice.notice_id)
                store.outbox.mark_delivered(one.notice.notice_id, START, "")

    threads = [threading.Thread(target=deliver, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(claimed), len(set(claimed))) == (60, 60)


def test_resending_what_was_delivered_has_a_new_key(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [first] = claim(store, build)
    store.outbox.resend(first.notice.notice_id)
    assert claim(store, build) == []
    store.outbox.mark_delivered(first.notice.notice_id, build.clock(), "")
    store.outbox.resend(first.notice.notice_id)
    [again] = claim(store, build)
    assert again.notice.notice_id == first.notice.notice_id
    assert again.notice.idempotency_key != first.notice.idempotency_key
    assert (again.attempts, again.first_attempt_at) == (0, None)


def test_resending_what_was_parked_keeps_its_key(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [first] = claim(store, build)
    store.outbox.mark_parked(first.notice.notice_id, build.clock(), "wrong address")
    store.outbox.resend(first.notice.notice_id)
    [again] = claim(store, build)
    assert again.notice.idempotency_key == first.notice.idempotency_key


def test_no_token_and_no_control_character_reaches_the_log(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [one] = claim(store, build)
    token = "123456789:" + "A" * 35
    store.outbox.mark_retry(one.notice.notice_id, build.clock(), f"POST /bot{token}/x\x1b[2J\n{'long ' * 500}")
    [attempt] = store.outbox.attempts(one.notice.notice_id)
    assert "A" * 35 not in attempt.detail
    assert "\x1b" not in attempt.detail
    assert len(attempt.detail) <= 500
    assert store.outbox.list()[0].detail == attempt.detail


def test_an_unknown_notice_is_said(store: Store, build: Builder) -> None:
    with pytest.raises(UnknownRecordError):
        store.outbox.resend("nothing")
    with pytest.raises(UnknownRecordError):
        store.outbox.mark_delivered("nothing", build.clock(), "")


def test_what_a_channel_said_is_remembered_for_two_days(store: Store) -> None:
    log = store.channel_log
    for hours, said in ((0, "single"), (1, "digest"), (30, "grave")):
        log.note("chat", said, START + timedelta(hours=hours))
    log.note("mail", "single", START)
    assert log.since("chat", START) == (
        (START + timedelta(hours=1), "digest"),
        (START + timedelta(hours=30), "grave"),
    )
    log.note("chat", "single", START + timedelta(days=3))
    assert [said for _, said in log.since("chat", START - timedelta(days=1))] == ["grave", "single"]
    assert len(log.since("mail", START - timedelta(days=1))) == 1


def test_many_are_settled_in_one_transaction_as_one_by_one(store: Store, build: Builder) -> None:
    store.record(build.page(*(build.assessed(str(number), f"text {number}") for number in range(4))))
    held = claim(store, build)
    at = build.clock() + timedelta(minutes=1)
    store.outbox.settle(
        [Settlement(one.notice.notice_id, settled, at, "said") for one, settled in zip(held, Settled, strict=True)]
    )
    assert store.outbox.counts() == {"pending": 1, "delivering": 0, "retry": 1, "delivered": 1, "parked": 1}
    build.clock.advance(minutes=1)
    assert sorted(one.attempts for one in claim(store, build)) == [0, 1]


def test_settling_is_all_or_nothing(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    [one] = claim(store, build)
    known = Settlement(one.notice.notice_id, Settled.DELIVERED, build.clock(), "")
    with pytest.raises(UnknownRecordError):
        store.outbox.settle([known, Settlement("unknown", Settled.DELIVERED, build.clock(), "")])
    assert store.outbox.counts()["delivering"] == 1
