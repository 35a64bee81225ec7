"""When a channel speaks: quiet hours, digests, and an hourly budget with a lane of its own for the gravest.

Nothing is dropped here. What may not be said now is held until it may, or told in one message that stands for many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from alerts.digest import DigestReason
from alerts.windows import Window, next_at
from domain.alert import Notice, Severity

HOUR = timedelta(hours=1)
SETTLE = timedelta(minutes=5)
"""How long a storm is watched before its first summary, so that the summary has something to say."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a channel's digest goes out: every full hour, or once a day at a time in a zone."""

    reason: DigestReason
    at: time = time(8)
    timezone: str = "UTC"

    def slot_after(self, moment: datetime) -> datetime:
        """The first digest after a moment."""
        if self.reason is DigestReason.HOURLY:
            return moment.replace(minute=0, second=0, microsecond=0) + HOUR
        return next_at(moment, self.at, self.timezone)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a channel may speak.

    `budget_per_hour` counts all messages of any sixty minutes (None for no limit); `reserved_for_grave` of them are
    kept for the severities in `grave`. `at_once` names the severities that neither quiet hours nor digests hold back.
    """

    budget_per_hour: int | None = None
    reserved_for_grave: int = 0
    grave: frozenset[Severity] = frozenset({Severity.CRITICAL})
    quiet: tuple[Window, ...] = ()
    digest: Rhythm | None = None
    at_once: frozenset[Severity] = frozenset({Severity.CRITICAL})


class Said(StrEnum):
    """What a channel said, for its budget; `storm` marks the moment at which a budget ran out."""

    SINGLE = "single"
    GRAVE = "grave"
    DIGEST = "digest"
    STORM = "storm"


class MessageLog(Protocol):
    """What each channel said lately; kept in the store where several processes deliver, else in memory."""

    def note(self, channel: str, said: str, at: datetime) -> None:
        """It was said then; `said` is one of Said."""
        ...

    def since(self, channel: str, moment: datetime) -> Sequence[tuple[datetime, str]]:
        """All that was said after a moment, oldest first."""
        ...


class MemoryMessageLog:
    """The last two hours of what each channel said, in this process."""

    def __init__(self) -> None:
        self._said: dict[str, list[tuple[datetime, str]]] = {}

    def note(self, channel: str, said: str, at: datetime) -> None:
        """It was said then."""
        kept = [entry for entry in self._said.get(channel, []) if entry[0] > at - 2 * HOUR]
        self._said[channel] = [*kept, (at, said)]

    def since(self, channel: str, moment: datetime) -> Sequence[tuple[datetime, str]]:
        """All that was said after a moment, oldest first."""
        return [entry for entry in self._said.get(channel, []) if entry[0] > moment]


@dataclass(frozen=True, slots=True)
class Send:
    """Say it now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: put back until then, and why."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Fold:
    """Tell it in the one message that goes out now."""

    reason: DigestReason


Verdict = Send | Hold | Fold


class Gate:
    """Decides for one channel during one pass, and remembers what it said.

    The log is read once and then kept up to date by what is said here. Only before something is said it is read again,
    because others may deliver to the same channel; a storm that is merely held or folded costs no reading.
    """

    def __init__(self, channel: str, pace: Pace, log: MessageLog) -> None:
        self._channel = channel
        self._pace = pace
        self._log = log
        self._lately: list[tuple[datetime, str]] | None = None

    def ask(self, notice: Notice, now: datetime) -> Verdict:
        """What is to be done with a notice that is due."""
        severity = notice.alert.severity
        if severity not in self._pace.at_once:
            ends = [end for window in self._pace.quiet if (end := window.ends_at(now)) is not None]
            if ends:
                return Hold(max(ends), "quiet hours")
            if self._pace.digest is not None:
                slot = self._pace.digest.slot_after(notice.created_at)
                if now < slot:
                    return Hold(slot, f"{self._pace.digest.reason} digest")
                return Fold(self._pace.digest.reason)
        if self._pace.budget_per_hour is None:
            return Send()
        verdict = self._within_budget(severity, now, self._pace.budget_per_hour)
        if not isinstance(verdict, Send):
            return verdict
        self._lately = None
        return self._within_budget(severity, now, self._pace.budget_per_hour)

    def note(self, notice: Notice, at: datetime) -> None:
        """A notice was said by itself."""
        grave = notice.alert.severity in self._pace.grave
        self._note(Said.GRAVE if grave else Said.SINGLE, at)

    def note_digest(self, at: datetime) -> None:
        """One message that stands for many was said."""
        self._note(Said.DIGEST, at)

    def _note(self, said: Said, at: datetime) -> None:
        # Only a budget asks what was said; where there is none, each line of the log would be a disk write for nothing.
        if self._pace.budget_per_hour is None:
            return
        self._log.note(self._channel, said, at)
        if self._lately is not None:
            self._lately.append((at, said))

    def _said_lately(self, now: datetime) -> list[tuple[datetime, str]]:
        if self._lately is None:
            self._lately = list(self._log.since(self._channel, now - 2 * HOUR))
        return self._lately

    def _within_budget(self, severity: Severity, now: datetime, budget: int) -> Verdict:
        lately = self._said_lately(now)
        this_hour = [said for at, said in lately if at > now - HOUR]
        singles, graves = this_hour.count(Said.SINGLE), this_hour.count(Said.GRAVE)
        # One message is always kept for the summary that tells of the rest.
        room = budget - max(1, this_hour.count(Said.DIGEST)) - singles - graves
        storm_began, last_digest = _storm(lately)
        if severity in self._pace.grave:
            if room > 0:
                return Send()
        elif storm_began is None and min(room, budget - 1 - self._pace.reserved_for_grave - singles) > 0:
            return Send()
        if storm_began is None:
            self._note(Said.STORM, now)
            storm_began = now
        slot = storm_began + SETTLE if last_digest is None else max(storm_began + SETTLE, last_digest + HOUR)
        return Fold(DigestReason.STORM) if now >= slot else Hold(slot, "the channel's hourly budget is spent")


def _storm(lately: Sequence[tuple[datetime, str]]) -> tuple[datetime | None, datetime | None]:
    """When the storm began that no summary has told of yet, and when the last summary was."""
    last_digest = max((at for at, said in lately if said == Said.DIGEST), default=None)
    untold = [at for at, said in lately if said == Said.STORM and (last_digest is None or at > last_digest)]
    return (min(untold) if untold else None), last_digest
