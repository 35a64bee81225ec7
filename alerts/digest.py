"""One message that stands for many: a digest at its hour, or the honest summary of a storm."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.alert import Alert, Notice, Severity
from domain.finding import Finding

SHOWN = 5
MOST_COLUMNS = 48


class DigestReason(StrEnum):
    """Why many alerts came as one message."""

    STORM = "storm"
    HOURLY = "hourly"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Column:
    """How many alerts came from a time on, by severity in the order of Severity."""

    starts_at: datetime
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What many notices of one channel say together: how many, of what kinds, and the gravest few by name.

    `first_at` and `last_at` are the times of the oldest and the newest notice in it. `places` and `products` are the
    most frequent with their counts; `alerts` counts alerts, `notices` versions of them.
    """

    idempotency_key: str
    channel: str
    reason: DigestReason
    made_at: datetime
    first_at: datetime
    last_at: datetime
    notices: int
    alerts: int
    severities: tuple[tuple[Severity, int], ...]
    lanes: tuple[tuple[str, int], ...]
    products: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    gravest: tuple[Alert, ...]
    timeline: tuple[Column, ...] = ()


def rank_finding(finding: Finding) -> tuple[int, Decimal, float]:
    """The order of every queue, gravest first: lane, official value exposed (unknown last), confidence."""
    exposed = finding.exposure.high.amount if finding.exposure is not None else Decimal(-1)
    return (finding.lane.rank, -exposed, -finding.probability)


def rank(alert: Alert) -> tuple[int, Decimal, float]:
    """Where an alert stands in the order of every queue."""
    return rank_finding(alert.finding)


class DigestBuilder:
    """Counts notices one by one and keeps only the gravest few, so that a storm of any size fits in memory."""

    def __init__(self, channel: str, reason: DigestReason) -> None:
        self.channel = channel
        self.reason = reason
        self.notice_ids: list[str] = []
        self._alert_ids: set[str] = set()
        self._severities: Counter[Severity] = Counter()
        self._lanes: Counter[str] = Counter()
        self._products: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._gravest: list[Alert] = []
        self._times: Counter[tuple[datetime, Severity]] = Counter()
        self._first_at: datetime | None = None
        self._last_at: datetime | None = None

    def add(self, notice: Notice) -> None:
        """Count one notice."""
        alert = notice.alert
        self.notice_ids.append(notice.notice_id)
        self._first_at = min(self._first_at or notice.created_at, notice.created_at)
        self._last_at = max(self._last_at or notice.created_at, notice.created_at)
        if alert.alert_id not in self._alert_ids:
            self._alert_ids.add(alert.alert_id)
            self._severities[alert.severity] += 1
            self._times[self._column_of(notice.created_at), alert.severity] += 1
            self._lanes[alert.finding.lane] += 1
            self._places[alert.source] += 1
            headline = alert.finding.headline
            self._products[(headline.offer.product if headline else None) or "product unknown"] += 1
        self._gravest = sorted(_newest([*self._gravest, alert]), key=rank)[:SHOWN]

    def build(self, now: datetime) -> Digest:
        """The digest of all that was counted; there must be at least one notice."""
        if self._first_at is None or self._last_at is None:
            raise ValueError("a digest needs at least one notice")
        return Digest(
            idempotency_key=_key(self.channel, self.notice_ids),
            channel=self.channel,
            reason=self.reason,
            made_at=now,
            first_at=self._first_at,
            last_at=self._last_at,
            notices=len(self.notice_ids),
            alerts=len(self._alert_ids),
            severities=tuple((severity, n) for severity in Severity if (n := self._severities[severity])),
            lanes=_most(self._lanes),
            products=_most(self._products),
            places=_most(self._places),
            gravest=tuple(self._gravest),
            timeline=self._timeline(),
        )

    @property
    def _width(self) -> timedelta:
        return timedelta(hours=1) if self.reason is DigestReason.DAILY else timedelta(minutes=5)

    def _column_of(self, moment: datetime) -> datetime:
        """The start of the five minutes, or in a daily digest of the hour, in which a notice came."""
        minute = 0 if self.reason is DigestReason.DAILY else moment.minute - moment.minute % 5
        return moment.replace(minute=minute, second=0, microsecond=0)

    def _timeline(self) -> tuple[Column, ...]:
        """Every column from the first to the last, quiet ones too; what came before the last 48 is not drawn."""
        last = max(start for start, _ in self._times)
        first = max(min(start for start, _ in self._times), last - self._width * (MOST_COLUMNS - 1))
        starts = [first + self._width * place for place in range(int((last - first) / self._width) + 1)]
        return tuple(Column(start, tuple(self._times[start, severity] for severity in Severity)) for start in starts)


def build_digest(channel: str, reason: DigestReason, notices: Iterable[Notice], now: datetime) -> Digest:
    """The digest of these notices."""
    builder = DigestBuilder(channel, reason)
    for notice in notices:
        builder.add(notice)
    return builder.build(now)


def _newest(alerts: list[Alert]) -> Iterable[Alert]:
    """Of each alert only its newest version."""
    newest: dict[str, Alert] = {}
    for alert in alerts:
        held = newest.get(alert.alert_id)
        if held is None or alert.version >= held.version:
            newest[alert.alert_id] = alert
    return newest.values()


def _most(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:SHOWN])


def _key(channel: str, notice_ids: list[str]) -> str:
    """The same notices make the same key, so that a digest sent again after a crash is known as a repeat."""
    digest = hashlib.sha256(channel.encode())
    for notice_id in sorted(notice_ids):
        digest.update(b"\0" + notice_id.encode())
    return f"digest-{digest.hexdigest()[:40]}"
