"""Delivery keeps a channel's pace: quiet hours, digests, and a storm that drowns nobody and loses nothing."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.delivery import DeliveryOptions, Pacing, deliver_due
from alerts.digest import DigestReason
from alerts.memory_outbox import MemoryOutbox, NoticeState
from alerts.pacing import Pace, Rhythm
from alerts.windows import Window
from domain.alert import Settlement, Severity
from tests.alerts.conftest import NOON, HandClock, make_alert, make_notice
from tests.alerts.receivers import DOWN, OK, Receiver, run


async def test_quiet_hours_wait_and_then_everything_is_told() -> None:
    night = Window.model_validate({"from": "22:00", "to": "07:00"})
    clock = HandClock(NOON.replace(hour=23))
    grave = make_notice(alert=make_alert("grave", severity=Severity.CRITICAL))
    outbox, duty = MemoryOutbox([make_notice(1), grave]), Receiver()
    pacing = Pacing({"duty": Pace(quiet=(night,))})
    report = await run(outbox, {"duty": duty}, clock, pacing)
    assert (report.delivered, report.held) == (1, 1)
    assert duty.taken == ["key-grave-1-duty"]
    clock.forward(hours=8)
    assert (await run(outbox, {"duty": duty}, clock, pacing)).delivered == 1


async def test_an_hourly_digest_is_one_message_for_all() -> None:
    pacing = Pacing({"duty": Pace(digest=Rhythm(DigestReason.HOURLY))})
    outbox, duty, clock = MemoryOutbox([make_notice(n) for n in range(30)]), Receiver(), HandClock()
    assert (await run(outbox, {"duty": duty}, clock, pacing)).held == 30
    clock.forward(hours=1)
    report = await run(outbox, {"duty": duty}, clock, pacing)
    assert (report.digests, report.folded, report.delivered) == (1, 30, 0)
    (digest,) = duty.digests
    assert digest.alerts == 30
    assert all(row.detail == f"told in {digest.idempotency_key}" for row in outbox.rows.values())


async def test_a_digest_that_fails_is_sent_again_with_the_same_key() -> None:
    answers = iter([DOWN, OK])
    pacing = Pacing({"duty": Pace(digest=Rhythm(DigestReason.HOURLY))})
    outbox, duty = MemoryOutbox([make_notice(n) for n in range(3)]), Receiver(lambda key: next(answers))
    clock = HandClock(NOON + timedelta(hours=1))
    report = await run(outbox, {"duty": duty}, clock, pacing)
    assert (report.retried, report.digests) == (3, 0)
    clock.forward(seconds=5)
    assert (await run(outbox, {"duty": duty}, clock, pacing)).folded == 3
    assert len(set(duty.keys)) == 1


async def test_a_storm_is_at_most_the_budget_and_nothing_is_lost() -> None:
    """5,000 near-duplicates within an hour and ten grave ones among them."""
    chance = random.Random(7)
    pacing = Pacing({"duty": Pace(budget_per_hour=20, reserved_for_grave=10)})
    outbox, duty, clock = MemoryOutbox(), Receiver(), HandClock()
    grave_at = set(chance.sample(range(5000), 10))
    told_at: dict[str, datetime] = {}
    created: dict[str, datetime] = {}
    for minute in range(120):
        for number in range(minute * 84, min((minute + 1) * 84, 5000)):
            severity = Severity.CRITICAL if number in grave_at else Severity.MEDIUM
            notice = make_notice(alert=make_alert(f"al-{number}", severity=severity), created_at=clock.now)
            outbox.add(notice)
            created[notice.idempotency_key] = clock.now
        before = len(duty.taken)
        await run(outbox, {"duty": duty}, clock, pacing)
        told_at.update(dict.fromkeys(duty.taken[before:], clock.now))
        clock.forward(minutes=1)
    clock.forward(minutes=60)
    await run(outbox, {"duty": duty}, clock, pacing)
    assert not outbox.in_state(NoticeState.WAITING)
    for moment in told_at.values():
        assert sum(1 for other in told_at.values() if moment - timedelta(hours=1) < other <= moment) <= 20
    for number in grave_at:
        key = f"key-al-{number}-1-duty"
        assert told_at[key] - created[key] <= timedelta(minutes=5)
    singles = sum(1 for key in duty.taken if key.startswith("key-"))
    assert singles + sum(digest.notices for digest in duty.digests) == 5000


async def test_a_storm_is_settled_in_few_transactions_where_the_outbox_can() -> None:
    class Together(MemoryOutbox):
        transactions = 0

        def settle(self, settlements: Sequence[Settlement]) -> None:
            self.transactions += 1
            marks = {"delivered": self.mark_delivered, "held": self.mark_held, "retry": self.mark_retry}
            for one in settlements:
                marks[one.settled](one.notice_id, one.at, one.detail)

    outbox, clock = Together([make_notice(n) for n in range(3000)]), HandClock()
    answers = iter([OK, OK, OK, DOWN, OK])
    duty = Receiver(lambda key: next(answers))
    pacing = Pacing({"duty": Pace(budget_per_hour=6, reserved_for_grave=2)})
    report = await run(outbox, {"duty": duty}, clock, pacing)
    assert (report.delivered, report.held) == (3, 2997)
    clock.forward(minutes=5)
    assert (await run(outbox, {"duty": duty}, clock, pacing)).retried == 2997
    clock.forward(seconds=5)
    assert (await run(outbox, {"duty": duty}, clock, pacing)).folded == 2997
    assert len({digest.idempotency_key for digest in duty.digests}) == 1
    assert outbox.transactions < 40


async def test_a_digest_that_fails_stays_one_however_the_waits_are_drawn() -> None:
    chance = random.Random(3)
    options = DeliveryOptions(draw=chance.random, poll_seconds=0.01)
    answers = iter([DOWN, DOWN, DOWN, OK])
    outbox, duty = MemoryOutbox([make_notice(n) for n in range(20)]), Receiver(lambda key: next(answers))
    clock, pacing = HandClock(NOON + timedelta(hours=1)), Pacing({"duty": Pace(digest=Rhythm(DigestReason.HOURLY))})
    while outbox.in_state(NoticeState.WAITING):
        await deliver_due(outbox, {"duty": duty}, clock, pacing=pacing, options=options)
        clock.forward(seconds=1)
    assert [digest.notices for digest in duty.digests] == [20, 20, 20, 20]
    assert len(set(duty.keys)) == 1
