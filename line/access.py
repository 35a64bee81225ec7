"""Who may do what, and how a person gets in: one-time links, passwords, sessions, and patience with wrong tries."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from domain.errors import UndercutError
from domain.hostile_text import one_line
from storage.accounts import Account, Accounts, KeptSession


class Role(StrEnum):
    """What a person is here; one person may be several."""

    VIEWER = "viewer"
    ANALYST = "analyst"
    LEAD = "lead"
    OPERATOR = "operator"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a page asks for."""

    READ = "read"
    DECIDE = "decide"
    LEAD = "lead"
    EXPORT = "export"
    MANAGE = "manage"
    AUDIT = "audit"


GRANTED: Final = {
    Role.VIEWER: frozenset({Permission.READ}),
    Role.ANALYST: frozenset({Permission.READ, Permission.DECIDE, Permission.EXPORT}),
    Role.LEAD: frozenset({Permission.READ, Permission.DECIDE, Permission.LEAD, Permission.EXPORT, Permission.AUDIT}),
    Role.OPERATOR: frozenset({Permission.READ, Permission.MANAGE}),
    Role.AUDITOR: frozenset({Permission.READ, Permission.EXPORT, Permission.AUDIT}),
}
FIRST_ROLES: Final = frozenset({Role.LEAD, Role.OPERATOR})
"""The first person decides and gives others their roles."""

LEAST_PASSWORD = 12
MOST_PASSWORD = 200
MOST_NAME = 60
LINK_HOLDS = timedelta(hours=24)
IDLE = timedelta(minutes=60)
LONGEST_SESSION = timedelta(hours=12)
TOUCH_AFTER = timedelta(seconds=30)

WINDOW = timedelta(minutes=15)
MOST_TRIES_OF_A_NAME = 10
MOST_TRIES_FROM_AN_ADDRESS = 50
FREE_TRIES = 3
LONGEST_DELAY = timedelta(minutes=2)

# The least that OWASP's password storage sheet asks of Argon2id; a login costs some tens of milliseconds.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class AccessError(UndercutError):
    """A name or password that cannot be used; the message says what is asked."""


class LoginRefusedError(UndercutError):
    """A login that is not let in, always with the same words, so that nobody learns which names exist."""


class TooManyTriesError(LoginRefusedError):
    """A login that is not even looked at for now; `wait_seconds` says for how long."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(f"too many tries; wait {wait_seconds} seconds")
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session's token, which only the browser keeps."""

    token: str
    account: Account


def permissions_of(roles: frozenset[str]) -> frozenset[Permission]:
    """Everything that these roles grant; a word that is no role grants nothing."""
    return frozenset().union(*(GRANTED[role] for role in Role if role.value in roles))


def first_link(accounts: Accounts, now: datetime) -> str | None:
    """The token of a one-time link for the first account; None where there is an account already."""
    if accounts.all():
        return None
    return invite(accounts, frozenset(role.value for role in FIRST_ROLES), "first run", now)


def invite(accounts: Accounts, roles: frozenset[str], by: str, now: datetime) -> str:
    """The token of a one-time link with which somebody chooses a name and a password."""
    unknown = roles - {role.value for role in Role}
    if unknown or not roles:
        raise AccessError("choose at least one role out of: " + ", ".join(Role))
    token = secrets.token_urlsafe(32)
    accounts.invite(token, roles, by, now, now + LINK_HOLDS)
    return token


def join(accounts: Accounts, token: str, name: str, password: str, now: datetime) -> NewSession:
    """Use a one-time link up: make the account and begin its first session. Raises AccessError or a StorageError."""
    accounts.invitation(token, now)
    shown = one_line(name, MOST_NAME)
    if not shown or len(name) > MOST_NAME:
        raise AccessError(f"choose a name of 1 to {MOST_NAME} characters")
    check_password(password, shown)
    account = accounts.join(token, shown, _HASHER.hash(password), now)
    return _begin(accounts, account, now)


def check_password(password: str, name: str) -> None:
    """Raises AccessError for a password that is too short, too long, or made of the name."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise AccessError(f"choose a password of {LEAST_PASSWORD} to {MOST_PASSWORD} characters")
    if len(set(password)) < 5 or password.casefold().strip() == name.casefold():
        raise AccessError("choose a password that is neither your name nor a few characters repeated")


def log_in(accounts: Accounts, name: str, password: str, address: str, now: datetime) -> NewSession:
    """A new session for a name and its password.

    Raises TooManyTriesError before anything is looked at, else LoginRefusedError; both take as long for a name that
    there is not.
    """
    wait = wait_of(*accounts.failures(name, address, now - WINDOW), now)
    if wait > 0:
        raise TooManyTriesError(wait)
    attempt = accounts.note_attempt(name, address, now)
    account = accounts.named(name)
    right = _matches(account.password_hash if account else _nobodys_hash(), password)
    if account is None or not right or not account.active:
        raise LoginRefusedError("name or password is wrong")
    accounts.succeeded(attempt)
    return _begin(accounts, account, now)


def wait_of(of_name: int, last_of_name: datetime | None, from_address: int, now: datetime) -> int:
    """Seconds that the next try has to wait: none for the first three, then twice as long each time, then all of it."""
    if of_name >= MOST_TRIES_OF_A_NAME or from_address >= MOST_TRIES_FROM_AN_ADDRESS:
        return int(WINDOW.total_seconds())
    if of_name < FREE_TRIES or last_of_name is None:
        return 0
    delay = min(timedelta(seconds=2 ** (of_name - FREE_TRIES + 1)), LONGEST_DELAY)
    return max(0, int((last_of_name + delay - now).total_seconds() + 0.999))


def session_of(accounts: Accounts, token: str, now: datetime) -> KeptSession | None:
    """The session of a token, None where there is none in force; noted as in use now and then."""
    session = accounts.session(token, now, idle=IDLE, longest=LONGEST_SESSION)
    if session is not None and now - session.seen_at > TOUCH_AFTER:
        accounts.touch_session(token, now)
    return session


def _begin(accounts: Accounts, account: Account, now: datetime) -> NewSession:
    token = secrets.token_urlsafe(32)
    accounts.open_session(account.number, token, secrets.token_urlsafe(32), now)
    return NewSession(token, account)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password[: MOST_PASSWORD + 1])
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(32))
