"""Delivery keeps a channel's pace: quiet hours, digests, and a storm that drowns nobody and loses nothing."""

import random
from datetime import datetime, timedelta

from alerts.delivery import Pacing
from alerts.digest import DigestReason
from alerts.memory_outbox import MemoryOutbox, NoticeState
from alerts.pacing import Pace, Rhythm
from alerts.windows import Window
from domain.alert import Severity
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
