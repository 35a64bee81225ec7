"""Who is who in a chat, the codes by which people link themselves, and the buttons that were used."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from storage.tables.base import metadata, row_id
from storage.types import Digest, HostileText, RowId, UtcTime

# One account may be linked from several chats; a person of a chat is one account.
chat_links = Table(
    "chat_links",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("account_id", RowId, ForeignKey("accounts.id"), nullable=False),
    Column("linked_at", UtcTime, nullable=False),
    Column("linked_by", HostileText, nullable=False),
    Index(None, "account_id"),
)

chat_codes = Table(
    "chat_codes",
    metadata,
    Column("code_sha256", Digest, primary_key=True),
    Column("account_id", RowId, ForeignKey("accounts.id"), nullable=False),
    Column("created_by", HostileText, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

# Each button that changed something, once: the key is a digest of what the button carried.
chat_presses = Table(
    "chat_presses",
    metadata,
    row_id(),
    Column("press_key", Digest, nullable=False, unique=True),
    Column("platform", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("account_id", RowId, ForeignKey("accounts.id"), nullable=False),
    Column("alert_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)
