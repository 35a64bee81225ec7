"""Search as people use it: keep the index up to date, find, rank, show where."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from domain.finding import Finding
from domain.listing import Listing
from domain.offer import TextSpan
from storage.codec import load_finding, load_listing
from storage.database import Database
from storage.search.highlight import highlights
from storage.search.index import Document, TextIndex, index_for
from storage.search.query import Search, Term, facet_groups, facets_of, terms_of
from storage.search.tokens import tokens_of
from storage.statements import take_turn
from storage.tables import alerts, custody_entries, findings, listing_versions, listings, search_progress
from storage.types import to_nano_range

NEWEST: Final = 1000
"""Among so many of the newest matches a search ranks; older ones are found by narrowing it."""

_ENTRIES_AT_A_TIME: Final = 50
_NAME: Final = "listings"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One listing that was found, in the version that matched, with where the words stand in it."""

    listing: Listing
    finding: Finding
    version: int
    versions: int
    first_seen_at: datetime
    last_seen_at: datetime
    gone_at: datetime | None
    alert_id: str | None
    highlights: tuple[TextSpan, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Some hits, how many listings matched among the newest thousand versions, and whether there were more versions."""

    hits: tuple[SearchHit, ...]
    found: int
    more: bool


class Finder:
    """Search over the listings of this store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def catch_up(self, *, most_entries: int | None = None) -> int:
        """Index what was recorded since the last time, in short transactions; gives how many versions were indexed.

        Recording does not wait for the index. This is for a job after crawls, and safe to run in several processes.
        """
        indexed, entries = 0, 0
        while most_entries is None or entries < most_entries:
            with self._database.writing() as connection:
                take_turn(connection, "search")
                done, count = _index_next(connection)
            if not done:
                break
            entries += done
            indexed += count
        return indexed

    def behind(self) -> int:
        """How many custody entries are not indexed yet."""
        with self._database.reading() as connection:
            newest = connection.execute(select(func.max(custody_entries.c.seq))).scalar() or 0
            return newest - _progress(connection)

    def search(self, wanted: Search, *, limit: int = 50, offset: int = 0) -> SearchPage:
        """Listings that match: those with all words in the title first, then the newest; one hit for each listing."""
        terms, groups = terms_of(wanted.text), facet_groups(wanted)
        if wanted.text.strip() and not terms:
            return SearchPage((), 0, more=False)
        with self._database.reading() as connection:
            index = index_for(connection)
            numbers = _newest(connection, index, terms, groups, title=False)
            in_title = set(_newest(connection, index, terms, groups, title=True)) if terms and numbers else set()
            rows = [row for part in _parts(numbers) for row in connection.execute(_narrowed(wanted), {"numbers": part})]
            rows.sort(key=lambda row: (row.version_id not in in_title, -row.version_id))
            matches = _one_for_each_listing(rows)
            shown = [row.version_id for row in matches[offset : offset + limit]]
            by_number = {row.version_id: row for row in connection.execute(_SHOWN, {"numbers": shown})}
        hits = tuple(_hit(by_number[number], terms) for number in shown)
        return SearchPage(hits, len(matches), len(numbers) == NEWEST)


def _index_next(connection: Connection) -> tuple[int, int]:
    """The next entries of the custody log, which are in the order of commits: how many, and how many versions."""
    last = _progress(connection)
    statement = select(custody_entries.c.seq, custody_entries.c.manifest).where(custody_entries.c.seq > last)
    entries = connection.execute(statement.order_by(custody_entries.c.seq).limit(_ENTRIES_AT_A_TIME)).all()
    if not entries:
        return 0, 0
    numbers = [int(name) for entry in entries for kind, name, _ in orjson.loads(entry.manifest) if kind == "finding"]
    newest, replaced = _documents(connection, numbers)
    index = index_for(connection)
    index.remove(connection, replaced)
    index.add(connection, newest)
    _advance(connection, entries[-1].seq, last)
    return len(entries), len(newest)


def _documents(connection: Connection, numbers: Sequence[int]) -> tuple[list[Document], list[Document]]:
    """The documents that these findings make, and those that earlier findings of the same versions had made."""
    newest: dict[int, Document] = {}
    replaced: dict[int, Document] = {}
    for part in _parts(sorted(numbers)):
        for row in connection.execute(_FINDINGS, {"numbers": part}):
            if row.version_id not in newest and row.earlier is not None:
                [before] = connection.execute(_FINDINGS, {"numbers": [row.earlier]})
                replaced[row.version_id] = _document(before)
            newest[row.version_id] = _document(row)
    return list(newest.values()), list(replaced.values())


def _document(row: Row[Any]) -> Document:
    listing, finding = load_listing(row.listing_json), load_finding(row.finding_json, row.history_json)
    return document_of(row.version_id, listing, finding)


def document_of(number: int, listing: Listing, finding: Finding) -> Document:
    """A version's document: its title; its text, names, address and links; its filters."""
    said = [listing.text, *(handle.name for handle in listing.handles), listing.url, *listing.links]
    return Document(
        number=number,
        title=tuple(tokens_of(listing.title)),
        body=tuple(tokens_of("\n".join(said))),
        facets=tuple(facets_of(listing, finding)),
    )


def _progress(connection: Connection) -> int:
    statement = select(search_progress.c.last_seq).where(search_progress.c.name == _NAME)
    return connection.execute(statement).scalar() or 0


def _advance(connection: Connection, seq: int, before: int) -> None:
    if before:
        connection.execute(update(search_progress).where(search_progress.c.name == _NAME).values(last_seq=seq))
    else:
        connection.execute(insert(search_progress), {"name": _NAME, "last_seq": seq})


def _newest(
    connection: Connection, index: TextIndex, terms: Sequence[Term], groups: list[list[str]], *, title: bool
) -> list[int]:
    if terms or groups:
        return index.newest(connection, terms, groups, title=title, limit=NEWEST)
    return list(
        connection.execute(select(listing_versions.c.id).order_by(listing_versions.c.id.desc()).limit(NEWEST)).scalars()
    )


def _parts(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(numbers), 500):
        yield numbers[start : start + 500]


def _narrowed(wanted: Search) -> Select[Any]:
    """What the index does not know: exact shares and times, and what changes after a version is indexed."""
    statement = (
        select(listing_versions.c.id.label("version_id"), listing_versions.c.listing_id)
        .where(listing_versions.c.id.in_(bindparam("numbers", expanding=True)))
        .join(listings, listings.c.id == listing_versions.c.listing_id)
    )
    if wanted.share_at_most is not None:
        statement = statement.join(findings, findings.c.id == _NEWEST_FINDING)
        statement = statement.where(findings.c.lowest_share_rank <= to_nano_range(wanted.share_at_most))
    if wanted.since is not None:
        statement = statement.where(listing_versions.c.first_seen_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(listing_versions.c.first_seen_at < wanted.until)
    if wanted.gone is not None:
        statement = statement.where(listings.c.gone_at.is_not(None) if wanted.gone else listings.c.gone_at.is_(None))
    return statement


def _one_for_each_listing(rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    first: dict[int, Row[Any]] = {}
    for row in rows:
        first.setdefault(row.listing_id, row)
    return list(first.values())


def _hit(row: Row[Any], terms: Sequence[Term]) -> SearchHit:
    listing = load_listing(row.listing_json)
    spans = highlights("title", listing.title, terms) + highlights("text", listing.text, terms)
    return SearchHit(
        listing=listing,
        finding=load_finding(row.finding_json, row.history_json),
        version=row.number,
        versions=row.versions,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        gone_at=row.gone_at,
        alert_id=row.alert_id,
        highlights=tuple(spans),
    )


_earlier = findings.alias("earlier_findings")
_FINDINGS = (
    select(findings.c.version_id, findings.c.finding_json, findings.c.history_json, listing_versions.c.listing_json)
    .add_columns(
        select(func.max(_earlier.c.id))
        .where(_earlier.c.version_id == findings.c.version_id, _earlier.c.id < findings.c.id)
        .scalar_subquery()
        .label("earlier")
    )
    .join(listing_versions, listing_versions.c.id == findings.c.version_id)
    .where(findings.c.id.in_(bindparam("numbers", expanding=True)))
    .order_by(findings.c.id)
)
_latest = findings.alias("latest_findings")
_NEWEST_FINDING = (
    select(func.max(_latest.c.id))
    .where(_latest.c.version_id == listing_versions.c.id)
    .correlate(listing_versions)
    .scalar_subquery()
)
_SHOWN = (
    select(listing_versions.c.id.label("version_id"), listing_versions.c.number, listing_versions.c.listing_json)
    .add_columns(findings.c.finding_json, findings.c.history_json, alerts.c.alert_id)
    .add_columns(listings.c.versions, listings.c.first_seen_at, listings.c.last_seen_at, listings.c.gone_at)
    .join(listings, listings.c.id == listing_versions.c.listing_id)
    .join(
        findings,
        findings.c.id == _NEWEST_FINDING,
    )
    .outerjoin(alerts, alerts.c.listing_id == listings.c.id)
    .where(listing_versions.c.id.in_(bindparam("numbers", expanding=True)))
)
