"""What each channel said lately, so that its hourly budget holds for all processes that deliver."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from storage.database import Database
from storage.tables import channel_messages

KEPT = timedelta(days=2)


class ChannelLog:
    """The messages of the last two days, by channel; what a word like `single` or `digest` means is the alerts'."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, channel: str, said: str, at: datetime) -> None:
        """It was said then."""
        with self._database.writing() as connection:
            connection.execute(insert(channel_messages), {"channel": channel, "said": str(said), "said_at": at})
            old = (channel_messages.c.channel == channel, channel_messages.c.said_at < at - KEPT)
            connection.execute(delete(channel_messages).where(*old))

    def since(self, channel: str, moment: datetime) -> tuple[tuple[datetime, str], ...]:
        """All that was said after a moment, oldest first."""
        statement = (
            select(channel_messages.c.said_at, channel_messages.c.said)
            .where(channel_messages.c.channel == channel, channel_messages.c.said_at > moment)
            .order_by(channel_messages.c.said_at, channel_messages.c.id)
        )
        with self._database.reading() as connection:
            return tuple((row.said_at, row.said) for row in connection.execute(statement))
