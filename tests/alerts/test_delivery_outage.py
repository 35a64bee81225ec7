"""Receivers that fail for an hour in every way get everything within ten minutes of recovery, in order."""

import random
from datetime import timedelta

import pytest

from alerts.channel import Delivery, DeliveryResult
from alerts.delivery import DeliveryOptions, deliver_due
from alerts.memory_outbox import MemoryOutbox, NoticeState
from tests.alerts.conftest import NOON, HandClock, make_alert, make_notice
from tests.alerts.receivers import DOWN, OK, Receiver

FAILURES = (DOWN, DOWN, DeliveryResult(Delivery.RETRY, "429", 30), DeliveryResult(Delivery.RETRY, "no answer"))
RECOVERY = NOON + timedelta(hours=1)


@pytest.mark.parametrize("seed", range(5))
async def test_everything_is_told_within_ten_minutes_of_recovery(seed: int) -> None:
    chance, clock, outbox = random.Random(seed), HandClock(), MemoryOutbox()

    def answer(key: str) -> DeliveryResult:
        return OK if clock.now >= RECOVERY else chance.choice(FAILURES)

    duty = Receiver(answer)
    options = DeliveryOptions(draw=chance.random, poll_seconds=0.01)
    attempts_before = 0
    for second in range(0, 70 * 60, 10):
        if second < 3600 and second % 20 == 0:
            number, version = divmod(second // 20, 3)
            outbox.add(make_notice(alert=make_alert(f"al-{number}", version=version + 1), created_at=clock.now))
        await deliver_due(outbox, {"duty": duty}, clock, options=options)
        if clock.now < RECOVERY:
            attempts_before = len(duty.keys)
        clock.forward(seconds=10)
    told = [row.notice.idempotency_key for row in outbox.in_state(NoticeState.DELIVERED)]
    assert len(told) == 180
    assert sorted(duty.taken) == sorted(told)
    for number in range(60):
        ours = [key for key in duty.taken if key.startswith(f"key-al-{number}-")]
        assert ours == sorted(ours)
    # A receiver that is down is not hammered: seldom more than a few attempts a minute, for all 180 notices together.
    assert attempts_before < 60 * 20
