"""A process that ends anywhere in delivery loses no notice, and repeats at most the one it was telling."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.channel import DeliveryResult
from alerts.memory_outbox import MemoryOutbox, NoticeState
from domain.alert import ClaimedNotice, Notice
from tests.alerts.conftest import HandClock, make_alert, make_notice
from tests.alerts.receivers import DOWN, OK, Receiver, run


class Killed(BaseException):
    """Stands for the process ending here."""


class CrashingOutbox(MemoryOutbox):
    """Ends the process now and then, before or after a change of state."""

    def __init__(self, notices: Sequence[Notice], dies: Callable[[], bool]) -> None:
        super().__init__(notices)
        self._dies = dies
        self.crashes = 0

    def claim_due(self, now: datetime, limit: int, lease: timedelta) -> list[ClaimedNotice]:
        return self._around(super().claim_due, now, limit, lease)

    def mark_delivered(self, notice_id: str, at: datetime, detail: str) -> None:
        self._around(super().mark_delivered, notice_id, at, detail)

    def mark_retry(self, notice_id: str, next_attempt_at: datetime, detail: str) -> None:
        self._around(super().mark_retry, notice_id, next_attempt_at, detail)

    def _around(self, change: Callable[..., Any], *arguments: Any) -> Any:
        self._maybe_die()
        result = change(*arguments)
        self._maybe_die()
        return result

    def _maybe_die(self) -> None:
        if self._dies():
            self.crashes += 1
            raise Killed


@pytest.mark.parametrize("seed", range(60))
async def test_nothing_is_lost_and_at_most_one_repeated_per_channel_and_crash(seed: int) -> None:
    chance = random.Random(seed)

    def answer(key: str) -> DeliveryResult:
        return chance.choice((OK, OK, DOWN))

    notices = [
        make_notice(alert=make_alert(f"al-{number}", version=version), channel=channel)
        for number in range(8)
        for version in (1, 2)
        for channel in "ab"
    ]
    outbox, clock = CrashingOutbox(notices, lambda: chance.random() < 0.04), HandClock()
    receivers = {"a": Receiver(answer), "b": Receiver(answer)}
    while outbox.in_state(NoticeState.WAITING):
        try:
            await run(outbox, receivers, clock)
        except Killed:
            clock.forward(minutes=5)
        clock.forward(minutes=1)
    assert len(outbox.in_state(NoticeState.DELIVERED)) == len(notices)
    assert outbox.crashes
    for receiver in receivers.values():
        assert len(receiver.taken) - len(set(receiver.taken)) <= outbox.crashes
        assert_in_order(receiver)


def assert_in_order(receiver: Receiver) -> None:
    first_taken = list(dict.fromkeys(receiver.taken))
    for number in range(8):
        ours = [key for key in first_taken if key.startswith(f"key-al-{number}-")]
        assert len(ours) == 2
        assert ours == sorted(ours)
