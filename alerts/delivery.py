"""Delivery: what is due is told, at least once, each with its own key; one receiver's trouble never holds up another.

A crash between a receiver's yes and our record of it makes one repeat, which carries the same key. Within one alert and
channel notices keep their order. Receivers that are down are asked seldom, by few, until they answer.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.channel import Sender
from alerts.channel_line import ChannelLine, DeliveryOptions, DeliveryReport, Desk, LeaseError
from alerts.outbox import OutboxPort
from alerts.pacing import Gate, MemoryMessageLog, MessageLog, Pace
from domain.clock import Clock

__all__ = ["DeliveryOptions", "DeliveryReport", "LeaseError", "Pacing", "deliver_due"]


@dataclass(frozen=True, slots=True)
class Pacing:
    """How often each channel may speak, and what it said lately; a channel without a pace speaks at once."""

    paces: Mapping[str, Pace] = field(default_factory=dict)
    log: MessageLog = field(default_factory=MemoryMessageLog)


async def deliver_due(
    outbox: OutboxPort,
    senders: Mapping[str, Sender],
    clock: Clock,
    *,
    pacing: Pacing | None = None,
    options: DeliveryOptions | None = None,
) -> DeliveryReport:
    """Tell everything that is due, and return when nothing is or the pass has lasted long enough.

    Channels are served side by side, each in order. A notice of a channel that no sender is open for is parked. Errors
    of the outbox itself are raised, after which the leases run out and the next pass goes on.
    """
    desk = Desk(outbox, clock, options or DeliveryOptions(), DeliveryReport())
    return await _Pass(desk, senders, pacing or Pacing()).run()


class _Pass:
    """Claims what is due, hands it to the lines of its channels, and looks again while any of them is at work."""

    def __init__(self, desk: Desk, senders: Mapping[str, Sender], pacing: Pacing) -> None:
        self._desk = desk
        self._senders = senders
        self._pacing = pacing
        self._lines: dict[str, ChannelLine] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> DeliveryReport:
        ends_at = self._desk.clock() + self._desk.options.longest_pass
        try:
            while True:
                now = self._desk.clock()
                claimed = self._claim(now) if now < ends_at else 0
                drained = claimed < self._desk.options.limit
                for line in self._lines.values():
                    line.start(self._running, drained)
                if not self._running and drained:
                    return self._desk.report
                await self._wait()
        finally:
            for task in self._running:
                task.cancel()
            if self._running:
                await asyncio.wait(self._running)

    def _claim(self, now: datetime) -> int:
        options = self._desk.options
        claimed = self._desk.outbox.claim_due(now, options.limit, options.lease)
        for item in claimed:
            self._line(item.notice.channel).add(item, now + options.lease)
        return len(claimed)

    def _line(self, channel: str) -> ChannelLine:
        if channel not in self._lines:
            gate = Gate(channel, self._pacing.paces.get(channel, Pace()), self._pacing.log)
            self._lines[channel] = ChannelLine(channel, self._senders.get(channel), gate, self._desk)
        return self._lines[channel]

    async def _wait(self) -> None:
        """Until one line is done, or it is time to look for what else is due."""
        if not self._running:
            await asyncio.sleep(0)
            return
        done, _ = await asyncio.wait(
            self._running, timeout=self._desk.options.poll_seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for task in done:
            self._running.discard(task)
            task.result()
