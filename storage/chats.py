"""Who is who in a chat, and which buttons were used; codes are kept as their SHA-256."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from storage.accounts import ACCOUNT_COLUMNS, Account, account_of
from storage.custody.log import add_note
from storage.database import Database
from storage.errors import StorageError
from storage.statements import insert_or_ignore, insert_or_update
from storage.tables import accounts, chat_codes, chat_links, chat_presses


class CodeSpentError(StorageError):
    """A linking code was used, has expired, or never was one."""


@dataclass(frozen=True, slots=True)
class ChatLink:
    """One person of a chat and whose account they act with."""

    platform: str
    user_id: str
    account: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed: `key` is the same for the same button, `by` is the account."""

    key: str
    platform: str
    user_id: str
    by: Account
    alert_id: str
    action: str


class Chats:
    """The people of chats and their buttons."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def offer(self, code: str, account: Account, by: str, expires_at: datetime) -> None:
        """Keep a code with which somebody in a chat proves to be this account."""
        row = {"account_id": account.number, "created_by": by, "expires_at": expires_at, "used_at": None}
        with self._database.writing() as connection:
            connection.execute(insert(chat_codes), {**row, "code_sha256": _digest(code)})

    def link(self, platform: str, user_id: str, code: str, now: datetime) -> Account:
        """Use a code up and link a person of a chat to its account, both or neither; raises CodeSpentError."""
        usable = (chat_codes.c.code_sha256 == _digest(code), chat_codes.c.used_at.is_(None))
        with self._database.writing() as connection:
            kept = connection.execute(select(chat_codes).where(*usable)).one_or_none()
            if kept is None or kept.expires_at <= now:
                raise CodeSpentError("this code was used, has expired, or is none; ask for a new one")
            spent = connection.execute(update(chat_codes).where(*usable).values(used_at=now))
            if spent.rowcount != 1:
                raise CodeSpentError("this code was used a moment ago; ask for a new one")
            row = {
                "platform": platform,
                "user_id": user_id,
                "account_id": kept.account_id,
                "linked_at": now,
                "linked_by": kept.created_by,
            }
            changed = ["account_id", "linked_at", "linked_by"]
            statement = insert_or_update(connection, chat_links, key=["platform", "user_id"], update=changed)
            connection.execute(statement, row)
            found = connection.execute(select(*ACCOUNT_COLUMNS).where(accounts.c.id == kept.account_id)).one()
            account = account_of(found)
            details = {"platform": platform, "user": user_id, "code from": kept.created_by}
            add_note(connection, now, account.name, "linked a chat", account.name, details)
        return account

    def unlink(self, account: Account, by: str, now: datetime) -> int:
        """Take every link of an account away; gives how many there were."""
        with self._database.writing() as connection:
            gone = connection.execute(delete(chat_links).where(chat_links.c.account_id == account.number)).rowcount
            connection.execute(delete(chat_codes).where(chat_codes.c.account_id == account.number))
            if gone:
                add_note(connection, now, by, "unlinked a chat", account.name, {"links": str(gone)})
        return gone

    def account(self, platform: str, user_id: str) -> Account | None:
        """Whose account a person of a chat acts with; None where they are not linked or the account is closed."""
        statement = (
            select(*ACCOUNT_COLUMNS)
            .join(chat_links, chat_links.c.account_id == accounts.c.id)
            .where(chat_links.c.platform == platform, chat_links.c.user_id == user_id, accounts.c.active.is_(True))
        )
        with self._database.reading() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else account_of(row)

    def links(self) -> tuple[ChatLink, ...]:
        """Everybody who is linked, by account."""
        columns = (chat_links.c.platform, chat_links.c.user_id, accounts.c.name, chat_links.c.linked_at)
        statement = select(*columns).join(accounts, accounts.c.id == chat_links.c.account_id).order_by(accounts.c.name)
        with self._database.reading() as connection:
            return tuple(ChatLink(*row) for row in connection.execute(statement))

    def use(self, press: Press, now: datetime) -> bool:
        """Write down that a button is used, in the custody log too; False where it was used before."""
        row = {
            "press_key": press.key,
            "platform": press.platform,
            "user_id": press.user_id,
            "account_id": press.by.number,
            "alert_id": press.alert_id,
            "action": press.action,
            "at": now,
        }
        with self._database.writing() as connection:
            if connection.execute(insert_or_ignore(connection, chat_presses), row).rowcount != 1:
                return False
            details = {"action": press.action, "platform": press.platform, "user": press.user_id}
            add_note(connection, now, press.by.name, "pressed a button", press.alert_id, details)
        return True


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
