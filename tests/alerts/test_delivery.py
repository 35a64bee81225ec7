"""Delivery: at least once, in order, and one receiver's trouble its own."""

import asyncio
import logging
from collections import Counter
from datetime import datetime, timedelta

import pytest

from alerts.channel import Delivery, DeliveryResult
from alerts.delivery import DeliveryOptions, DeliveryReport, LeaseError, deliver_due
from alerts.memory_outbox import MemoryOutbox, NoticeState
from domain.alert import Notice
from tests.alerts.conftest import NOON, HandClock, make_alert, make_notice
from tests.alerts.receivers import DOWN, NO, OK, Receiver, run


async def test_what_is_due_is_told_once_with_its_key() -> None:
    outbox, duty, clock = MemoryOutbox([make_notice(1), make_notice(2)]), Receiver(), HandClock()
    assert await run(outbox, {"duty": duty}, clock) == DeliveryReport(delivered=2)
    assert duty.keys == ["key-al-1-1-duty", "key-al-2-1-duty"]
    assert await run(outbox, {"duty": duty}, clock) == DeliveryReport()


async def test_a_failure_is_tried_again_with_the_same_key_after_a_growing_wait() -> None:
    failures = iter([DOWN, DOWN, OK])
    outbox, duty, clock = MemoryOutbox([make_notice()]), Receiver(lambda key: next(failures)), HandClock()
    assert (await run(outbox, {"duty": duty}, clock)).retried == 1
    assert outbox.rows["al-1.1.duty"].due_at == NOON + timedelta(seconds=3.75)
    clock.forward(seconds=3)
    assert await run(outbox, {"duty": duty}, clock) == DeliveryReport()
    clock.forward(seconds=1)
    await run(outbox, {"duty": duty}, clock)
    assert outbox.rows["al-1.1.duty"].due_at == clock.now + timedelta(seconds=7.5)
    clock.forward(seconds=8)
    assert (await run(outbox, {"duty": duty}, clock)).delivered == 1
    assert set(duty.keys) == {"key-al-1-1-duty"}
    assert len(duty.keys) == 3


async def test_a_refusal_is_parked_at_once_and_shown() -> None:
    outbox, clock = MemoryOutbox([make_notice()]), HandClock()
    assert (await run(outbox, {"duty": Receiver(lambda key: NO)}, clock)).parked == 1
    (row,) = outbox.in_state(NoticeState.PARKED)
    assert row.detail == "refused: 403"


async def test_after_a_day_of_failures_a_notice_is_parked() -> None:
    outbox, duty, clock = MemoryOutbox([make_notice()]), Receiver(lambda key: DOWN), HandClock()
    while not outbox.in_state(NoticeState.PARKED):
        await run(outbox, {"duty": duty}, clock)
        clock.forward(minutes=5)
        assert clock.now < NOON + timedelta(hours=25)
    assert clock.now > NOON + timedelta(hours=24)
    assert "given up after a day" in outbox.rows["al-1.1.duty"].detail


async def test_a_channel_that_is_not_configured_any_more_parks_its_notices() -> None:
    outbox = MemoryOutbox([make_notice(channel="gone")])
    assert (await run(outbox, {"duty": Receiver()}, HandClock())).parked == 1
    assert "'gone'" in outbox.rows["al-1.1.gone"].detail


async def test_versions_of_one_alert_keep_their_order_while_others_go_on() -> None:
    versions = [make_notice(alert=make_alert(version=version)) for version in (1, 2, 3)]
    failing = iter([DOWN])
    duty = Receiver(lambda key: next(failing, OK) if key == "key-al-1-1-duty" else OK)
    outbox, clock = MemoryOutbox([*versions, make_notice(2)]), HandClock()
    report = await run(outbox, {"duty": duty}, clock)
    assert (report.delivered, report.retried, report.held) == (1, 1, 2)
    assert duty.taken == ["key-al-2-1-duty"]
    clock.forward(seconds=5)
    await run(outbox, {"duty": duty}, clock)
    assert duty.taken[1:] == ["key-al-1-1-duty", "key-al-1-2-duty", "key-al-1-3-duty"]


async def test_a_receiver_that_is_down_is_asked_by_few() -> None:
    outbox = MemoryOutbox([make_notice(number) for number in range(100)])
    duty, clock = Receiver(lambda key: DOWN), HandClock()
    report = await run(outbox, {"duty": duty}, clock)
    assert (report.retried, report.held) == (3, 97)


async def test_a_receiver_that_asks_to_wait_is_left_alone_for_so_long() -> None:
    busy = DeliveryResult(Delivery.RETRY, "429", retry_after_seconds=120)
    outbox, duty, clock = MemoryOutbox([make_notice(n) for n in range(5)]), Receiver(lambda key: busy), HandClock()
    report = await run(outbox, {"duty": duty}, clock)
    assert (report.retried, report.held) == (1, 4)
    assert {row.due_at for row in outbox.rows.values()} == {NOON + timedelta(seconds=120)}


async def test_a_notice_that_always_fails_does_not_keep_others_from_being_told() -> None:
    poison = {f"key-al-{number}-1-duty" for number in range(5)}
    duty = Receiver(lambda key: DOWN if key in poison else OK)
    outbox, clock = MemoryOutbox([make_notice(number) for number in range(50)]), HandClock()
    for _ in range(20):
        await run(outbox, {"duty": duty}, clock)
        clock.forward(minutes=1)
    assert len(set(duty.taken)) == 45


async def test_a_slow_receiver_does_not_hold_up_another() -> None:
    release = asyncio.Event()

    class Slow(Receiver):
        async def send(self, notice: Notice) -> DeliveryResult:
            await release.wait()
            return await super().send(notice)

    slow, fast = Slow(), Receiver()
    outbox = MemoryOutbox([make_notice(1, "slow"), make_notice(2, "fast")])
    passing = asyncio.create_task(run(outbox, {"slow": slow, "fast": fast}, HandClock()))
    await fast.told.wait()
    fast.told.clear()
    outbox.add(make_notice(3, "fast"))
    await fast.told.wait()
    assert len(fast.taken) == 2
    assert slow.taken == []
    release.set()
    assert (await passing).delivered == 3


async def test_an_attempt_that_never_ends_is_given_up() -> None:
    class Stuck(Receiver):
        async def send(self, notice: Notice) -> DeliveryResult:
            await asyncio.Event().wait()
            return OK

    outbox = MemoryOutbox([make_notice()])
    options = DeliveryOptions(longest_attempt_seconds=0.01)
    report = await deliver_due(outbox, {"duty": Stuck()}, HandClock(), options=options)
    assert report.retried == 1
    assert "no answer within" in outbox.rows["al-1.1.duty"].detail


async def test_a_channel_that_breaks_its_promise_costs_its_own_notices_only(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Receiver):
        async def send(self, notice: Notice) -> DeliveryResult:
            raise KeyError("defect")

    outbox = MemoryOutbox([make_notice(1, "broken"), make_notice(2, "duty")])
    clock, receivers = HandClock(), {"broken": Broken(), "duty": Receiver()}
    report = await run(outbox, receivers, clock)
    assert (report.delivered, report.retried) == (1, 1)
    assert "channel broken raised KeyError" in caplog.text
    for _ in range(20):
        clock.forward(minutes=5)
        await run(outbox, receivers, clock)
    assert "given up after 10 attempts" in outbox.rows["al-1.1.broken"].detail


async def test_errors_of_the_store_are_raised_and_leave_everything_claimable() -> None:
    class FullDisk(MemoryOutbox):
        def mark_delivered(self, notice_id: str, at: datetime, detail: str) -> None:
            raise OSError("no space left on device")

    outbox, clock = FullDisk([make_notice(1), make_notice(2, "lead")]), HandClock()
    with pytest.raises(OSError, match="no space"):
        await run(outbox, {"duty": Receiver(), "lead": Receiver()}, clock)
    clock.forward(minutes=5)
    assert len(outbox.claim_due(clock.now, 10, timedelta(minutes=1))) == 2


def test_a_lease_outlasts_an_attempt() -> None:
    with pytest.raises(LeaseError, match="would tell the same notice"):
        DeliveryOptions(lease=timedelta(seconds=10), longest_attempt_seconds=20)


async def test_a_claim_that_runs_out_is_given_back_before_the_attempt() -> None:
    clock = HandClock()

    class Slow(Receiver):
        async def send(self, notice: Notice) -> DeliveryResult:
            clock.forward(minutes=2)
            return await super().send(notice)

    outbox, slow = MemoryOutbox([make_notice(number) for number in range(6)]), Slow()
    report = await run(outbox, {"duty": slow}, clock)
    assert report.held > 0
    while len(slow.taken) < 6:
        await run(outbox, {"duty": slow}, clock)
    assert Counter(slow.keys).most_common(1)[0][1] == 1


async def test_every_attempt_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "alerts.channel_line")
    await run(MemoryOutbox([make_notice()]), {"duty": Receiver()}, HandClock())
    assert "notice al-1.1.duty to channel duty, attempt 1: delivered (ok)" in caplog.text
