"""Candidate sources found on the way, once for each address; a person decides about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from domain.lead import Lead, LeadStatus
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.identity import key_of
from storage.tables import leads

_FOUND_AGAIN = (
    update(leads)
    .where(leads.c.url_key == bindparam("key"))
    .values(last_found_at=bindparam("now"), times_found=leads.c.times_found + 1)
)


@dataclass(frozen=True, slots=True)
class KeptLead:
    """A lead with what became of it: its number, how often it was found, and who decided what, when and why."""

    number: int
    lead: Lead
    status: LeadStatus
    found_at: datetime
    last_found_at: datetime
    times_found: int
    decided_by: str | None
    decided_at: datetime | None
    note: str


def add_leads(connection: Connection, found: Iterable[Lead], now: datetime) -> int:
    """Keep what was found, inside the caller's transaction; gives how many addresses are new."""
    by_key = {key_of("lead", lead.url): lead for lead in found}
    if not by_key:
        return 0
    there = set(connection.execute(select(leads.c.url_key).where(leads.c.url_key.in_(list(by_key)))).scalars())
    if there:
        connection.execute(_FOUND_AGAIN, [{"key": key, "now": now} for key in sorted(there)])
    new = [_row(key, lead, now) for key, lead in by_key.items() if key not in there]
    if new:
        connection.execute(insert(leads), new)
    return len(new)


def _row(key: str, lead: Lead, now: datetime) -> dict[str, Any]:
    return {
        "url_key": key,
        "url": lead.url,
        "reason": lead.reason,
        "found_on": lead.found_on,
        "family": lead.family,
        "status": LeadStatus.PROPOSED.value,
        "found_at": now,
        "last_found_at": now,
        "times_found": 1,
        "note": "",
    }


class Leads:
    """The candidate sources."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, found: Sequence[Lead], now: datetime) -> int:
        """Keep leads that no page brought (imported, typed); gives how many addresses are new."""
        with self._database.writing() as connection:
            return add_leads(connection, found, now)

    def list(self, status: LeadStatus | None = LeadStatus.PROPOSED, *, limit: int = 1000) -> tuple[KeptLead, ...]:
        """Leads in a state (None for any), the most often found first."""
        statement = select(leads).order_by(leads.c.times_found.desc(), leads.c.id).limit(limit)
        if status is not None:
            statement = statement.where(leads.c.status == status.value)
        with self._database.reading() as connection:
            return tuple(_kept(row) for row in connection.execute(statement))

    def decide(self, number: int, status: LeadStatus, *, by: str, at: datetime, note: str = "") -> KeptLead:
        """Write down what a person decided; raises UnknownRecordError for a number that no lead has."""
        with self._database.writing() as connection:
            decided = {"status": status.value, "decided_by": by, "decided_at": at, "note": note}
            connection.execute(update(leads).where(leads.c.id == number).values(decided))
            row = connection.execute(select(leads).where(leads.c.id == number)).one_or_none()
        if row is None:
            raise UnknownRecordError(f"no lead has the number {number}; `undercut leads list` shows them")
        return _kept(row)


def _kept(row: Row[Any]) -> KeptLead:
    return KeptLead(
        number=row.id,
        lead=Lead(row.url, row.reason, row.found_on, row.family),
        status=LeadStatus(row.status),
        found_at=row.found_at,
        last_found_at=row.last_found_at,
        times_found=row.times_found,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
    )
