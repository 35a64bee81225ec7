"""Who may log in, their sessions, the links by which they choose a password, and how often a login was tried.

Tokens come in whole and are kept as their SHA-256: whoever reads the database cannot log in with what stands there.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from storage.database import Database
from storage.errors import StorageError, UnknownRecordError
from storage.identity import key_of
from storage.statements import take_turn
from storage.tables import accounts, console_sessions, login_attempts, setup_links


class AccountExistsError(StorageError):
    """Somebody has that name already."""


class LinkSpentError(StorageError):
    """A one-time link was used, has expired, or never was one."""


@dataclass(frozen=True, slots=True)
class Account:
    """One person. `roles` are words that the console gives a meaning; `looked_at` is when the queue was last noted."""

    number: int
    name: str
    password_hash: str
    roles: frozenset[str]
    active: bool
    created_at: datetime
    last_login_at: datetime | None
    looked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session that is in force, with whose it is and the token that its forms carry."""

    account: Account
    csrf: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link: the roles it gives and until when it holds."""

    roles: frozenset[str]
    created_by: str
    expires_at: datetime


ACCOUNT_COLUMNS = tuple(
    accounts.c[name]
    for name in ("id", "name", "password_hash", "roles", "active", "created_at", "last_login_at", "looked_at")
)


class Accounts:
    """The people of this store and their ways in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[Account, ...]:
        """Everybody, in order of joining."""
        with self._database.reading() as connection:
            return tuple(
                account_of(row) for row in connection.execute(select(*ACCOUNT_COLUMNS).order_by(accounts.c.id))
            )

    def named(self, name: str) -> Account | None:
        """The account of a name, whatever its capitals; None where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(*ACCOUNT_COLUMNS).where(accounts.c.name_key == name_key(name))
            ).one_or_none()
        return None if row is None else account_of(row)

    def invite(self, token: str, roles: frozenset[str], by: str, now: datetime, expires_at: datetime) -> None:
        """Keep a one-time link."""
        row = {
            "token_sha256": _digest(token),
            "roles": " ".join(sorted(roles)),
            "created_at": now,
            "created_by": by,
            "expires_at": expires_at,
            "used_at": None,
        }
        with self._database.writing() as connection:
            connection.execute(insert(setup_links), row)

    def invitation(self, token: str, now: datetime) -> Invitation:
        """What a link would give; raises LinkSpentError."""
        statement = select(setup_links).where(setup_links.c.token_sha256 == _digest(token))
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None or row.used_at is not None or row.expires_at <= now:
            raise LinkSpentError("this link was used, has expired, or is none; ask for a new one")
        return Invitation(frozenset(row.roles.split()), row.created_by, row.expires_at)

    def join(self, token: str, name: str, password_hash: str, now: datetime) -> Account:
        """Use a link up and make its account, both or neither; raises LinkSpentError or AccountExistsError."""
        invitation = self.invitation(token, now)
        with self._database.writing() as connection:
            take_turn(connection, "accounts")
            spent = connection.execute(
                update(setup_links)
                .where(setup_links.c.token_sha256 == _digest(token), setup_links.c.used_at.is_(None))
                .values(used_at=now)
            )
            if spent.rowcount != 1:
                raise LinkSpentError("this link was used a moment ago; ask for a new one")
            if connection.execute(select(accounts.c.id).where(accounts.c.name_key == name_key(name))).scalar():
                raise AccountExistsError(f"somebody is called {name[:60]!r} already; choose another name")
            row = {
                "name": name,
                "name_key": name_key(name),
                "password_hash": password_hash,
                "roles": " ".join(sorted(invitation.roles)),
                "active": True,
                "created_at": now,
                "created_by": invitation.created_by,
                "last_login_at": None,
                "looked_at": None,
            }
            number = connection.execute(insert(accounts).returning(accounts.c.id), row).scalar_one()
        return Account(number, name, password_hash, invitation.roles, True, now, None, None)

    def change(self, number: int, *, roles: frozenset[str], active: bool) -> None:
        """Give an account other roles, or close it; its sessions end with it. Raises UnknownRecordError."""
        values = {"roles": " ".join(sorted(roles)), "active": active}
        with self._database.writing() as connection:
            changed = connection.execute(update(accounts).where(accounts.c.id == number).values(values))
            if changed.rowcount != 1:
                raise UnknownRecordError(f"no account has the number {number}")
            connection.execute(delete(console_sessions).where(console_sessions.c.account_id == number))

    def looked(self, number: int, now: datetime) -> None:
        """Note that a person has looked at the queue as it stands now."""
        with self._database.writing() as connection:
            connection.execute(update(accounts).where(accounts.c.id == number).values(looked_at=now))

    def open_session(self, number: int, token: str, csrf: str, now: datetime) -> None:
        """Begin a session under a new token."""
        row = {
            "token_sha256": _digest(token),
            "account_id": number,
            "csrf": csrf,
            "created_at": now,
            "seen_at": now,
        }
        with self._database.writing() as connection:
            connection.execute(insert(console_sessions), row)
            connection.execute(update(accounts).where(accounts.c.id == number).values(last_login_at=now))

    def session(self, token: str, now: datetime, *, idle: timedelta, longest: timedelta) -> KeptSession | None:
        """The session of a token, None where it ended, was idle for too long, or never was one."""
        statement = (
            select(*ACCOUNT_COLUMNS, console_sessions.c.csrf, console_sessions.c.seen_at)
            .add_columns(console_sessions.c.created_at.label("began_at"))
            .join(console_sessions, console_sessions.c.account_id == accounts.c.id)
            .where(console_sessions.c.token_sha256 == _digest(token))
        )
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None or not row.active or now - row.seen_at > idle or now - row.began_at > longest:
            return None
        return KeptSession(account_of(row), row.csrf, row.began_at, row.seen_at)

    def touch_session(self, token: str, now: datetime) -> None:
        """Note that a session is in use."""
        with self._database.writing() as connection:
            connection.execute(
                update(console_sessions).where(console_sessions.c.token_sha256 == _digest(token)).values(seen_at=now)
            )

    def close_session(self, token: str) -> None:
        """End a session."""
        with self._database.writing() as connection:
            connection.execute(delete(console_sessions).where(console_sessions.c.token_sha256 == _digest(token)))

    def failures(self, name: str, address: str, since: datetime) -> tuple[int, datetime | None, int]:
        """Tries that did not succeed since a moment: for the name, the last of those, and from the address."""
        of_name = (login_attempts.c.name_key == key_of("login", name_key(name)), login_attempts.c.at > since)
        of_address = (login_attempts.c.address_key == key_of("address", address), login_attempts.c.at > since)
        failed = login_attempts.c.succeeded.is_(False)
        with self._database.reading() as connection:
            last_success = connection.execute(
                select(func.max(login_attempts.c.at)).where(*of_name, login_attempts.c.succeeded.is_(True))
            ).scalar()
            named = select(func.count(), func.max(login_attempts.c.at)).where(*of_name, failed)
            if last_success is not None:
                named = named.where(login_attempts.c.at > last_success)
            count, last = connection.execute(named).one()
            from_address = connection.execute(select(func.count()).where(*of_address, failed)).scalar_one()
        return count, last, from_address

    def note_attempt(self, name: str, address: str, now: datetime) -> int:
        """Write a try down as failed, before the password is looked at; `succeeded` puts that right afterwards."""
        row = {
            "name_key": key_of("login", name_key(name)),
            "address_key": key_of("address", address),
            "at": now,
            "succeeded": False,
        }
        with self._database.writing() as connection:
            connection.execute(delete(login_attempts).where(login_attempts.c.at < now - timedelta(days=7)))
            return int(connection.execute(insert(login_attempts).returning(login_attempts.c.id), row).scalar_one())

    def succeeded(self, attempt: int) -> None:
        """Say that a noted try was right."""
        with self._database.writing() as connection:
            connection.execute(update(login_attempts).where(login_attempts.c.id == attempt).values(succeeded=True))


def name_key(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.split()).casefold()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def account_of(row: Row[Any]) -> Account:
    """The account of a row of ACCOUNT_COLUMNS."""
    return Account(
        number=row.id,
        name=row.name,
        password_hash=row.password_hash,
        roles=frozenset(row.roles.split()),
        active=row.active,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
        looked_at=row.looked_at,
    )
