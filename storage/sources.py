"""How each source fares: what its last pages said, when it was last understood, and how much it yields."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from domain.reading import STOPPING_STATES, ReadingState
from storage.batches import insert_rows, update_rows
from storage.database import Database
from storage.records import PageRecord
from storage.statements import insert_or_ignore
from storage.tables import crawl_runs, last_crawls, source_states

SUCCESSES = frozenset({ReadingState.FRESH, ReadingState.EMPTY, ReadingState.UNCHANGED, ReadingState.GONE})


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source's running state; `listings_seen` counts sightings, `refused_pages` blocks, limits and login walls."""

    source: str
    last_state: ReadingState
    last_reason: str
    last_page_at: datetime
    last_success_at: datetime | None
    pages: int
    refused_pages: int
    misread_pages: int
    listings_seen: int
    refusals_in_a_row: int


@dataclass(frozen=True, slots=True)
class LastCrawl:
    """What the newest crawl of a source brought: `listings` counts distinct ones, `reason` is why it ended early."""

    source: str
    ended_at: datetime
    pages: int
    refused_pages: int
    listings: int
    reason: str = ""


KEPT_RUNS = 12


@dataclass(frozen=True, slots=True)
class CrawlRun:
    """How one crawl went: pages by kind, distinct listings, and how many of those state a price and a seller."""

    source: str
    ended_at: datetime
    pages: int
    refused_pages: int
    unchanged_pages: int
    listings: int
    with_price: int
    with_seller: int


_COLUMNS = tuple(source_states.c[name] for name in SourceState.__slots__)

_ONE = select(*_COLUMNS).where(source_states.c.source == bindparam("source"))


def note_page(connection: Connection, page: PageRecord, listings_seen: int, now: datetime) -> None:
    """Count a page towards its source's state, inside the caller's transaction."""
    source, state = page.snapshot.source, page.reading.state
    before = _state(connection, source)
    refused, understood = state in STOPPING_STATES, state in SUCCESSES
    counted = {
        "last_state": state.value,
        "last_reason": page.reading.reason,
        "last_page_at": page.snapshot.fetched_at,
        "last_success_at": page.snapshot.fetched_at if understood else (before.last_success_at if before else None),
        "pages": (before.pages if before else 0) + 1,
        "refused_pages": (before.refused_pages if before else 0) + refused,
        "misread_pages": (before.misread_pages if before else 0) + (state is ReadingState.NOT_UNDERSTOOD),
        "listings_seen": (before.listings_seen if before else 0) + listings_seen,
        "refusals_in_a_row": ((before.refusals_in_a_row if before else 0) + 1) if refused else 0,
    }
    if before is None:
        insert_rows(connection, source_states, [{"source": source, **counted}])
    else:
        update_rows(connection, source_states, "source", tuple(counted), [{"row": source, **counted}])


def _state(connection: Connection, source: str) -> SourceState | None:
    row = connection.execute(_ONE, {"source": source}).one_or_none()
    return None if row is None else _from_row(*row)


def _from_row(source: str, last_state: str, *rest: object) -> SourceState:
    return SourceState(source, ReadingState(last_state), *rest)  # type: ignore[arg-type]  # in the columns' order


def note_failure(connection: Connection, source: str, state: ReadingState, reason: str, at: datetime) -> None:
    """Say what a source came to where a request brought no page, inside the caller's transaction."""
    refused = state in STOPPING_STATES
    before = _state(connection, source)
    said: dict[str, object] = {"last_state": state.value, "last_reason": reason, "last_page_at": at}
    if before is not None:
        said["refusals_in_a_row"] = before.refusals_in_a_row + 1 if refused else before.refusals_in_a_row
        connection.execute(update(source_states).where(source_states.c.source == source).values(said))
        return
    counts = {"pages": 0, "refused_pages": 0, "misread_pages": 0, "listings_seen": 0, "refusals_in_a_row": int(refused)}
    connection.execute(insert(source_states), {"source": source, "last_success_at": None, **said, **counts})


class Sources:
    """The running state of sources; what a source is stands in its YAML."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note_failure(self, source: str, state: ReadingState, reason: str, at: datetime) -> None:
        """A request brought no page: what the source came to, and why."""
        with self._database.writing() as connection:
            note_failure(connection, source, state, reason, at)

    def state(self, source: str) -> SourceState | None:
        """How a source fares, None for one that was never read."""
        with self._database.reading() as connection:
            return _state(connection, source)

    def states(self) -> dict[str, SourceState]:
        """How every source fares that was ever read, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(source_states.c.source)).all()
        return {row[0]: _from_row(*row) for row in rows}

    def note_crawl(self, crawl: LastCrawl) -> None:
        """A crawl of the source came to an end."""
        said = {name: getattr(crawl, name) for name in LastCrawl.__slots__}
        with self._database.writing() as connection:
            there = update(last_crawls).where(last_crawls.c.source == crawl.source).values(said)
            if connection.execute(there).rowcount == 0:
                connection.execute(insert_or_ignore(connection, last_crawls), said)

    def last_crawls(self) -> dict[str, LastCrawl]:
        """What the newest crawl of every source brought, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(last_crawls)).all()
        return {row.source: LastCrawl(*row) for row in rows}

    def note_run(self, run: CrawlRun) -> None:
        """Remember how a crawl went; only the newest few of each source are kept."""
        ended = crawl_runs.c.ended_at
        of_source = crawl_runs.c.source == run.source
        with self._database.writing() as connection:
            said = {name: getattr(run, name) for name in CrawlRun.__slots__}
            connection.execute(insert_or_ignore(connection, crawl_runs), said)
            kept = select(ended).where(of_source).order_by(ended.desc()).limit(KEPT_RUNS)
            oldest = min(connection.execute(kept).scalars())
            connection.execute(delete(crawl_runs).where(of_source, ended < oldest))

    def runs(self) -> dict[str, tuple[CrawlRun, ...]]:
        """The last crawls of every source, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(crawl_runs).order_by(crawl_runs.c.ended_at.desc())).all()
        found: dict[str, list[CrawlRun]] = {}
        for row in rows:
            found.setdefault(row.source, []).append(CrawlRun(*row))
        return {source: tuple(runs) for source, runs in found.items()}
