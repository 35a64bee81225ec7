"""When a job runs: slots of fixed length, counted from a fixed day, so that every process numbers them alike.

Each job's slots begin at a phase of its own, so that a hundred thousand jobs do not start together, and each slot
starts a little late by chance that its number decides, so that a site is not asked at the same second every day.
Everything is in UTC: daylight saving does not exist here.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
JITTER_SHARE: Final = 0.05
MOST_JITTER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something is done: `every` so long, counted from `phase`, up to `jitter` late, as `name` decides."""

    name: str
    every: timedelta
    phase: timedelta = timedelta()
    jitter: timedelta = timedelta()

    def start(self, slot: int) -> datetime:
        """When the slot's job is due."""
        return EPOCH + self.phase + slot * self.every + chance(f"{self.name}:{slot}") * self.jitter

    def slot(self, now: datetime) -> int:
        """The newest slot that has started."""
        slot = (now - self.phase - EPOCH) // self.every
        return slot if self.start(slot) <= now else slot - 1


def spread_rhythm(name: str, every: timedelta) -> Rhythm:
    """A rhythm whose phase its name decides, anywhere within `every`, with a little jitter."""
    # Whole seconds: a person who reads the next run should not meet fractions.
    phase = timedelta(seconds=int(chance(name) * every.total_seconds()))
    return Rhythm(name, every, phase, min(JITTER_SHARE * every, MOST_JITTER))


def chance(text: str) -> float:
    """A number from 0 to 1 (without it) that looks drawn by chance and is always the same for the same text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest()) / 2**48
