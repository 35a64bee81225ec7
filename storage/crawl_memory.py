"""What crawling remembers between processes: each host's manners, robots.txt, and what pages gave to be asked with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select, update

from domain.clock import Clock, utc_now
from storage.database import Database
from storage.identity import key_of
from storage.statements import insert_or_ignore, insert_or_update
from storage.tables import hosts, robots_files, url_validators

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """A robots.txt as it was fetched: its status (0 for unreachable), its first bytes, when, and a note."""

    status: int
    body: bytes
    fetched_at: datetime
    note: str


class CrawlMemory:
    """Remembers for every process that shares the store. What a host's document means is the crawlers' business."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def change_host(self, host: str, change: Callable[[str | None], tuple[str, Result]]) -> Result:
        """Apply a pure change to a host's document (None where the host is new) and give its result.

        In one transaction: of two processes that change the same host at once, one sees what the other did.
        """
        key = key_of("host", host)
        with self._database.writing() as connection:
            # The row must be there to be locked; a document is never empty, so that "" says that it is new.
            new = {"host_key": key, "host": host, "document": ""}
            connection.execute(insert_or_ignore(connection, hosts), new)
            statement = select(hosts.c.document).where(hosts.c.host_key == key).with_for_update()
            document, result = change(connection.execute(statement).scalar_one() or None)
            connection.execute(update(hosts).where(hosts.c.host_key == key).values(document=document))
        return result

    def host(self, host: str) -> str | None:
        """A host's document, None where it is new."""
        with self._database.reading() as connection:
            statement = select(hosts.c.document).where(hosts.c.host_key == key_of("host", host))
            return connection.execute(statement).scalar() or None

    def robots(self, origin: str) -> KeptRobots | None:
        """The remembered robots.txt of an origin (`https://host:port`)."""
        columns = tuple(robots_files.c[name] for name in KeptRobots.__slots__)
        with self._database.reading() as connection:
            statement = select(*columns).where(robots_files.c.origin_key == key_of("origin", origin))
            row = connection.execute(statement).one_or_none()
        return None if row is None else KeptRobots(*row)

    def keep_robots(self, origin: str, robots: KeptRobots) -> None:
        """Remember a robots.txt in place of an earlier one."""
        row = {name: getattr(robots, name) for name in KeptRobots.__slots__}
        with self._database.writing() as connection:
            statement = insert_or_update(connection, robots_files, key=["origin_key"], update=list(row))
            connection.execute(statement, {"origin_key": key_of("origin", origin), "origin": origin, **row})

    def validators(self, source: str, url: str) -> tuple[str | None, str | None] | None:
        """The ETag and Last-Modified that a page gave when this source last understood it."""
        with self._database.reading() as connection:
            row = connection.execute(
                select(url_validators.c.etag, url_validators.c.last_modified).where(
                    url_validators.c.url_key == key_of("validators", source, url)
                )
            ).one_or_none()
        return None if row is None else (row.etag, row.last_modified)

    def keep_validators(self, source: str, url: str, *, etag: str | None, last_modified: str | None) -> None:
        """Remember what the page gave."""
        changed = {"etag": etag, "last_modified": last_modified, "kept_at": self._clock()}
        with self._database.writing() as connection:
            statement = insert_or_update(connection, url_validators, key=["url_key"], update=list(changed))
            key = key_of("validators", source, url)
            connection.execute(statement, {"url_key": key, "source": source, "url": url, **changed})
