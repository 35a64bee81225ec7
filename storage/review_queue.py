"""The queue as reviewers look at it: light rows, filtered and counted, without reading a single finding."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    type_coerce,
)

from domain.alert import AlertStatus
from storage.database import Database
from storage.escaping import unescape_text
from storage.queue_filter import FACETS, QueueFilter, candidates_for
from storage.ranking import share_order
from storage.reviews import Need
from storage.tables import alerts, decisions, findings, listing_versions, review_work

MOST_IN_A_FACET: Final = 14
MOST_COUNTED: Final = 1000
"""Counts look at so many alerts and no further, so that a page takes as long with a hundred thousand as with a few."""
MOST_NEARLY: Final = 3000
"""So many alerts are looked at that pass every chosen part of a filter but one."""
_LISTING_START = 3000
# A listing may be megabytes; its first words stand in the first characters of what is kept.
_TEXT_IN_JSON = re.compile(r'"text":"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,400})')


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One alert as the queue shows it."""

    alert_id: str
    title: str
    source: str
    external_id: str
    platform: str
    url: str
    version: int
    severity: str
    queue: str
    rule: str
    status: str
    lane: str
    product: str | None
    language: str
    share: Decimal | None
    exposure_high_usd: Decimal | None
    probability: float
    opened_at: datetime
    updated_at: datetime
    repeats: int
    holder: str | None
    needs: Need
    excerpt: str


# What an alert waits for belongs to the version that was decided about; a newer version waits for its first verdict.
_NEEDS = case(
    (
        and_(
            review_work.c.needs != Need.NOTHING.value,
            exists().where(decisions.c.alert_id == alerts.c.alert_id, decisions.c.alert_version == alerts.c.version),
        ),
        review_work.c.needs,
    ),
    else_=Need.NOTHING.value,
)
_COLUMNS = (
    *(alerts.c[name] for name in QueueRow.__slots__ if name not in {"share", "holder", "needs", "excerpt"}),
    alerts.c.headline_share.label("share"),
    review_work.c.holder,
    _NEEDS.label("needs"),
    func.substr(listing_versions.c.listing_json, 1, _LISTING_START).label("excerpt"),
)
_WITH_WORK = alerts.outerjoin(review_work, review_work.c.alert_id == alerts.c.alert_id)
_WITH_LISTING = alerts.join(findings, findings.c.id == alerts.c.finding_id).join(
    listing_versions, listing_versions.c.id == findings.c.version_id
)
_SHOWN = _WITH_LISTING.outerjoin(review_work, review_work.c.alert_id == alerts.c.alert_id)
_ORDERS: Final[dict[str, tuple[ColumnElement[Any], ...]]] = {
    "rank": (alerts.c.lane_rank, alerts.c.exposure_order, alerts.c.probability_order, alerts.c.alert_id),
    "newest": (alerts.c.updated_at.desc(), alerts.c.alert_id.desc()),
    "oldest": (alerts.c.opened_at, alerts.c.alert_id),
    "share": (alerts.c.share_order, alerts.c.alert_id),
    "value": (alerts.c.exposure_order, alerts.c.alert_id),
}
# As the database has them: a thousand rows are counted, and only what is shown is read back.
_COUNTED = (alerts.c.alert_id, *(type_coerce(alerts.c[name], Text).label(name) for name in FACETS))


@dataclass(frozen=True, slots=True)
class Counted:
    """The first MOST_COUNTED alerts of a filter: their ids in order, whether there are more, and how they divide."""

    ids: tuple[str, ...]
    more: bool
    facets: dict[str, tuple[tuple[str, int], ...]]


class ReviewQueue:
    """The alerts of this store as a queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(
        self, wanted: QueueFilter, *, sort: str = "rank", limit: int = 50, offset: int = 0
    ) -> tuple[QueueRow, ...]:
        """Some alerts in order; `sort` is one of SORTS."""
        with self._database.reading() as connection:
            ids = self._ids(connection, wanted, sort, limit, offset)
            return _in_order(connection, ids)

    def ids(self, wanted: QueueFilter, *, sort: str = "rank", limit: int = 1000) -> tuple[str, ...]:
        """Only the ids, for the way from one alert to the next."""
        with self._database.reading() as connection:
            return tuple(self._ids(connection, wanted, sort, limit, 0))

    def some(self, alert_ids: Iterable[str]) -> tuple[QueueRow, ...]:
        """These alerts, by rank; ids of no alert are passed over."""
        statement = select(*_COLUMNS).select_from(_SHOWN).where(alerts.c.alert_id.in_(list(alert_ids)))
        with self._database.reading() as connection:
            return tuple(_queue_row(row) for row in connection.execute(statement.order_by(*_ORDERS["rank"])))

    def count(self, wanted: QueueFilter) -> int:
        """How many alerts a filter lets through; MOST_COUNTED + 1 says that there are more."""
        with self._database.reading() as connection:
            return len(self._ids(connection, wanted, "rank", MOST_COUNTED + 1, 0))

    def counted(self, wanted: QueueFilter, *, sort: str = "rank") -> Counted:
        """The first MOST_COUNTED alerts of a filter, and how they divide, most first.

        Each division leaves its own part of the filter out, so that one sees what else could be chosen.
        """
        chosen = [name for name in FACETS if getattr(wanted, name)]
        with self._database.reading() as connection:
            candidates = candidates_for(connection, wanted)
            rows = _counted_rows(connection, wanted, candidates, sort)
            more = len(rows) > MOST_COUNTED
            ids = tuple(row[0] for row in rows[:MOST_COUNTED])
            facets = {name: _divided(rows[:MOST_COUNTED], name) for name in FACETS}
            facets |= _left_out(connection, wanted, candidates, sort, chosen)
        return Counted(ids, more, facets)

    def facets(self, wanted: QueueFilter) -> dict[str, tuple[tuple[str, int], ...]]:
        """How the first MOST_COUNTED alerts of a filter divide."""
        return self.counted(wanted).facets

    def in_order(self, ids: Sequence[str]) -> tuple[QueueRow, ...]:
        """These alerts in this order; ids of no alert are passed over."""
        with self._database.reading() as connection:
            return _in_order(connection, ids)

    def _ids(self, connection: Connection, wanted: QueueFilter, sort: str, limit: int, offset: int) -> list[str]:
        statement = _where(select(alerts.c.alert_id), wanted, candidates_for(connection, wanted))
        return list(connection.execute(statement.order_by(*_ORDERS[sort]).limit(limit).offset(offset)).scalars())

    def health(self) -> tuple[int, datetime | None, int, int]:
        """How many alerts are open, since when the oldest, how many wait for a second verdict and for a lead."""
        is_open = [AlertStatus.OPEN.value, AlertStatus.CLAIMED.value]
        with self._database.reading() as connection:
            per_status = [
                connection.execute(
                    select(func.count(), func.min(alerts.c.opened_at)).where(alerts.c.status == status)
                ).one()
                for status in is_open
            ]
            count = sum(row[0] for row in per_status)
            oldest = min((row[1] for row in per_status if row[1] is not None), default=None)
            waits = (
                select(_NEEDS.label("needs"))
                .select_from(review_work.join(alerts, alerts.c.alert_id == review_work.c.alert_id))
                .where(review_work.c.needs.in_([Need.SECOND.value, Need.LEAD.value]))
                .subquery()
            )
            needs = select(waits.c.needs, func.count()).group_by(waits.c.needs)
            waiting: dict[str, int] = {row[0]: row[1] for row in connection.execute(needs)}
        return count, oldest, waiting.get(Need.SECOND.value, 0), waiting.get(Need.LEAD.value, 0)


def _in_order(connection: Connection, ids: Sequence[str]) -> tuple[QueueRow, ...]:
    statement = select(*_COLUMNS).select_from(_SHOWN).where(alerts.c.alert_id.in_(list(ids)))
    rows = {row.alert_id: row for row in connection.execute(statement)} if ids else {}
    return tuple(_queue_row(rows[one]) for one in ids if one in rows)


def _counted_rows(
    connection: Connection,
    wanted: QueueFilter,
    candidates: Collection[str] | None,
    sort: str,
    leave_out: Collection[str] = (),
) -> Sequence[Row[Any]]:
    statement = _where(select(*_COUNTED), wanted, candidates, leave_out=leave_out)
    return connection.execute(statement.order_by(*_ORDERS[sort]).limit(MOST_COUNTED + 1)).all()


def _left_out(
    connection: Connection, wanted: QueueFilter, candidates: Collection[str] | None, sort: str, chosen: Sequence[str]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """How each chosen part divides when it alone is left out: by one look at what passes all of them but one."""
    if len(chosen) < 2:
        parts = {name: _counted_rows(connection, wanted, candidates, sort, leave_out=[name]) for name in chosen}
        return {name: _divided(rows, name) for name, rows in parts.items()}
    passed = {name: case((_among(name, wanted), 1), else_=0) for name in chosen}
    statement = _where(select(*_COUNTED, *passed.values()), wanted, candidates, leave_out=chosen)
    statement = statement.where(sum(passed.values(), start=literal(0)) >= len(chosen) - 1)
    rows = connection.execute(statement.order_by(*_ORDERS[sort]).limit(MOST_NEARLY)).all()
    divided = {}
    for place, name in enumerate(chosen, start=len(_COUNTED)):
        others = [at for at in range(len(_COUNTED), len(_COUNTED) + len(chosen)) if at != place]
        divided[name] = _divided([row for row in rows if all(row[at] for at in others)][:MOST_COUNTED], name)
    return divided


def _divided(rows: Sequence[Row[Any]], name: str) -> tuple[tuple[str, int], ...]:
    place = 1 + FACETS.index(name)
    counted = Counter(row[place] for row in rows if row[place] is not None)
    most = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MOST_IN_A_FACET]
    return tuple((unescape_text(value), count) for value, count in most)


def _where(
    statement: Select[Any], wanted: QueueFilter, candidates: Collection[str] | None, leave_out: Collection[str] = ()
) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    conditions += [
        _among(name, wanted) for name in (*FACETS, "source") if getattr(wanted, name) and name not in leave_out
    ]
    if candidates is not None:
        conditions.append(alerts.c.alert_id.in_(list(candidates)))
    if wanted.share_below is not None:
        conditions.append(alerts.c.share_order <= share_order(wanted.share_below))
    if wanted.new_since is not None:
        conditions.append(alerts.c.updated_at > wanted.new_since)
    if wanted.holder or wanted.needs is not Need.NOTHING:
        statement = statement.select_from(_WITH_WORK)
    if wanted.holder:
        conditions.append(review_work.c.holder == wanted.holder)
    if wanted.needs is not Need.NOTHING:
        waits: ColumnElement[bool] = literal(wanted.needs.value) == _NEEDS
        conditions += [review_work.c.needs == wanted.needs.value, waits]
    return statement.where(and_(*conditions)) if conditions else statement


def _among(name: str, wanted: QueueFilter) -> ColumnElement[bool]:
    values, column = sorted(getattr(wanted, name)), alerts.c[name]
    # Several values through an index would have all of them sorted; plain text beside the column keeps the planner to
    # the index of the order, which stops at the limit.
    several: ColumnElement[bool] = (column + "").in_(values)
    return column == values[0] if len(values) == 1 else several


def _queue_row(row: Row[Any]) -> QueueRow:
    said = {name: getattr(row, name) for name in QueueRow.__slots__}
    return QueueRow(**said | {"needs": Need(row.needs or ""), "excerpt": _excerpt(row.excerpt)})


def _excerpt(start_of_listing: str) -> str:
    found = _TEXT_IN_JSON.search(start_of_listing)
    return unescape_text(json.loads(f'"{found.group(1)}"')) if found else ""
