"""Legal holds: what is not forgotten while an authority asks for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, insert, select, update

from domain.clock import Clock, utc_now
from storage.custody.log import add_note
from storage.database import Database
from storage.errors import StorageError, UnknownRecordError
from storage.numbering import take_numbers
from storage.tables import legal_holds

LONGEST_HOLD: Final = timedelta(days=366)


class HoldError(StorageError):
    """A hold that may not be placed so."""


class HoldKind(StrEnum):
    """What a hold is on: everything seen with one alert's listing, or everything of one source."""

    ALERT = "alert"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold: on what, for which authority and reason, by which two persons, from when until when."""

    number: int
    kind: HoldKind
    subject: str
    authority: str
    reason: str
    placed_by: str
    confirmed_by: str
    placed_at: datetime
    expires_at: datetime
    lifted_at: datetime | None = None

    def holds_at(self, moment: datetime) -> bool:
        """Is it in force then?"""
        return self.placed_at <= moment < self.expires_at and (self.lifted_at is None or moment < self.lifted_at)


class Holds:
    """The legal holds of this store; placing and lifting them stands in the custody log."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def place(
        self,
        kind: HoldKind,
        subject: str,
        *,
        authority: str,
        reason: str,
        placed_by: str,
        confirmed_by: str,
        expires_at: datetime,
    ) -> LegalHold:
        """Place a hold; raises HoldError without a second person, a reason, or an end within a year."""
        now = self._clock()
        if not (authority.strip() and reason.strip()):
            raise HoldError("a hold names its authority and its reason")
        if placed_by == confirmed_by or not confirmed_by.strip():
            raise HoldError("a hold needs a second person; name somebody else in confirmed_by")
        if not now < expires_at <= now + LONGEST_HOLD:
            raise HoldError(f"a hold ends within a year: {expires_at:%Y-%m-%d} is not; place it anew when it ends")
        with self._database.writing() as connection:
            [number] = take_numbers(connection, {"legal_holds": 1})["legal_holds"]
            hold = LegalHold(number, kind, subject, authority, reason, placed_by, confirmed_by, now, expires_at)
            row = {
                "id": number,
                "subject_kind": kind.value,
                "subject": subject,
                "authority": authority,
                "reason": reason,
                "placed_by": placed_by,
                "confirmed_by": confirmed_by,
                "placed_at": now,
                "expires_at": expires_at,
            }
            connection.execute(insert(legal_holds), row)
            details = {"authority": authority, "reason": reason, "confirmed_by": confirmed_by}
            add_note(connection, now, placed_by, "held", f"{kind} {subject}", details)
        return hold

    def lift(self, number: int, *, by: str, reason: str) -> None:
        """End a hold before its time; raises UnknownRecordError for one that is not in force."""
        now = self._clock()
        with self._database.writing() as connection:
            row = connection.execute(select(legal_holds).where(legal_holds.c.id == number)).one_or_none()
            if row is None or not _hold(row).holds_at(now):
                raise UnknownRecordError(f"no hold {number} is in force")
            connection.execute(update(legal_holds).where(legal_holds.c.id == number).values(lifted_at=now))
            add_note(connection, now, by, "hold_lifted", f"{row.subject_kind} {row.subject}", {"reason": reason})

    def in_force(self) -> tuple[LegalHold, ...]:
        """Every hold that is in force now, oldest first."""
        now = self._clock()
        with self._database.reading() as connection:
            rows = connection.execute(select(legal_holds).order_by(legal_holds.c.id)).all()
        return tuple(hold for hold in map(_hold, rows) if hold.holds_at(now))


def _hold(row: Row[Any]) -> LegalHold:
    return LegalHold(
        number=row.id,
        kind=HoldKind(row.subject_kind),
        subject=row.subject,
        authority=row.authority,
        reason=row.reason,
        placed_by=row.placed_by,
        confirmed_by=row.confirmed_by,
        placed_at=row.placed_at,
        expires_at=row.expires_at,
        lifted_at=row.lifted_at,
    )
