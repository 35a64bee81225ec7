"""An outbox that lives in memory: for previews, rehearsals and tests; it keeps every rule of the port."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.policy import rank_severity
from domain.alert import ClaimedNotice, Notice
from domain.errors import UndercutError


class NoticeState(StrEnum):
    """Where a notice stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    PARKED = "parked"


class UnknownNoticeError(UndercutError):
    """A notice was named that the outbox does not hold."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One notice with what became of it so far."""

    notice: Notice
    due_at: datetime
    state: NoticeState = NoticeState.WAITING
    attempts: int = 0
    first_attempt_at: datetime | None = None
    claimed_at: datetime | None = None
    leased_until: datetime | None = None
    detail: str = ""


class MemoryOutbox:
    """Notices by id, in the order in which they were added."""

    def __init__(self, notices: Iterable[Notice] = ()) -> None:
        self.rows: dict[str, OutboxRow] = {}
        self._waiting: dict[str, None] = {}
        self._siblings: dict[tuple[str, str], list[str]] = {}
        for notice in notices:
            self.add(notice)

    def add(self, notice: Notice) -> None:
        """Put a notice in; one with an id that is known is the same notice and changes nothing."""
        if notice.notice_id in self.rows:
            return
        self.rows[notice.notice_id] = OutboxRow(notice, due_at=notice.created_at)
        self._waiting[notice.notice_id] = None
        self._siblings.setdefault(_place(notice), []).append(notice.notice_id)

    def claim_due(self, now: datetime, limit: int, lease: timedelta) -> list[ClaimedNotice]:
        """See OutboxPort."""
        waiting = (self.rows[notice_id] for notice_id in self._waiting)
        due = sorted((row for row in waiting if row.due_at <= now and not _is_leased(row, now)), key=_order)
        due_ids = {row.notice.notice_id for row in due}
        claimed: dict[str, ClaimedNotice] = {}
        for row in due:
            for earlier_or_it in self._up_to(row):
                if len(claimed) == limit:
                    return list(claimed.values())
                notice_id = earlier_or_it.notice.notice_id
                if notice_id not in due_ids or notice_id in claimed or self._waits_for_earlier(earlier_or_it, claimed):
                    continue
                self.rows[notice_id] = replace(earlier_or_it, leased_until=now + lease, claimed_at=now)
                claimed[notice_id] = ClaimedNotice(
                    earlier_or_it.notice, earlier_or_it.attempts, earlier_or_it.first_attempt_at
                )
        return list(claimed.values())

    def mark_delivered(self, notice_id: str, at: datetime, detail: str) -> None:
        """See OutboxPort."""
        self._finish(notice_id, NoticeState.DELIVERED, at, detail)

    def mark_retry(self, notice_id: str, next_attempt_at: datetime, detail: str) -> None:
        """See OutboxPort."""
        row = self._row(notice_id)
        self.rows[notice_id] = replace(
            row,
            due_at=next_attempt_at,
            attempts=row.attempts + 1,
            first_attempt_at=row.first_attempt_at or row.claimed_at,
            leased_until=None,
            detail=detail,
        )

    def mark_held(self, notice_id: str, until: datetime, detail: str) -> None:
        """See OutboxPort."""
        self.rows[notice_id] = replace(self._row(notice_id), due_at=until, leased_until=None, detail=detail)

    def mark_parked(self, notice_id: str, at: datetime, detail: str) -> None:
        """See OutboxPort."""
        self._finish(notice_id, NoticeState.PARKED, at, detail)

    def in_state(self, state: NoticeState) -> list[OutboxRow]:
        """The rows that stand there, in the order in which they were added."""
        return [row for row in self.rows.values() if row.state is state]

    def _finish(self, notice_id: str, state: NoticeState, at: datetime, detail: str) -> None:
        row = self._row(notice_id)
        self._waiting.pop(notice_id, None)
        tried = 1 if state is NoticeState.DELIVERED else 0
        self.rows[notice_id] = replace(
            row, state=state, due_at=at, attempts=row.attempts + tried, leased_until=None, detail=detail
        )

    def _row(self, notice_id: str) -> OutboxRow:
        row = self.rows.get(notice_id)
        if row is None:
            raise UnknownNoticeError(f"the outbox holds no notice {notice_id!r}")
        return row

    def _up_to(self, row: OutboxRow) -> list[OutboxRow]:
        """The notice and those of the same alert and channel that tell of earlier versions, the earliest first."""
        siblings = [self.rows[notice_id] for notice_id in self._siblings[_place(row.notice)]]
        version = row.notice.alert.version
        return sorted(
            (one for one in siblings if one.notice.alert.version <= version), key=lambda one: one.notice.alert.version
        )

    def _waits_for_earlier(self, row: OutboxRow, taken: Container[str]) -> bool:
        return any(
            one.state is NoticeState.WAITING and one.notice.notice_id not in taken and _stands_in_the_way(one, row)
            for one in self._up_to(row)[:-1]
        )


def _stands_in_the_way(earlier: OutboxRow, row: OutboxRow) -> bool:
    untried = earlier.attempts == 0 and earlier.leased_until is None
    is_graver = rank_severity(row.notice.alert.severity) < rank_severity(earlier.notice.alert.severity)
    return not (untried and is_graver)


def _is_leased(row: OutboxRow, now: datetime) -> bool:
    return row.leased_until is not None and row.leased_until > now


def _order(row: OutboxRow) -> tuple[int, datetime, int]:
    return (rank_severity(row.notice.alert.severity), row.notice.created_at, row.notice.alert.version)


def _place(notice: Notice) -> tuple[str, str]:
    return (notice.channel, notice.alert.alert_id)
