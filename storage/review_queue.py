"""The queue as reviewers look at it: light rows, filtered and counted, without reading a single finding."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, or_, select

from domain.alert import AlertStatus
from storage.database import Database
from storage.escaping import unescape_text
from storage.reviews import Need
from storage.tables import alerts, decisions, findings, listing_versions, review_work

SORTS: Final = ("rank", "newest", "oldest", "share", "value")
FACETS: Final = ("status", "severity", "lane", "platform", "queue", "product", "language")
MOST_IN_A_FACET: Final = 14
MOST_COUNTED: Final = 1000
"""Counts look at so many alerts and no further, so that a page takes as long with a hundred thousand as with a few."""
_LISTING_START = 3000
# A listing may be megabytes; its first words stand in the first characters of what is kept.
_TEXT_IN_JSON = re.compile(r'"text":"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4}){0,400})')


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which alerts to show; an empty part lets every alert through.

    `text` stands in the title, address, id or source. `seller` is a name among the listing's handles. `new_since`
    lets through what was raised or changed since then. `holder` is whose alerts, `needs` what they wait for.
    """

    status: frozenset[str] = frozenset()
    severity: frozenset[str] = frozenset()
    lane: frozenset[str] = frozenset()
    platform: frozenset[str] = frozenset()
    queue: frozenset[str] = frozenset()
    product: frozenset[str] = frozenset()
    language: frozenset[str] = frozenset()
    source: frozenset[str] = frozenset()
    seller: str = ""
    text: str = ""
    share_below: Decimal | None = None
    new_since: datetime | None = None
    holder: str = ""
    needs: Need = Need.NOTHING


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
    *(alerts.c[name] for name in QueueRow.__slots__ if name not in {"language", "share", "holder", "needs", "excerpt"}),
    alerts.c.headline_share.label("share"),
    listing_versions.c.language,
    review_work.c.holder,
    _NEEDS.label("needs"),
    func.substr(listing_versions.c.listing_json, 1, _LISTING_START).label("excerpt"),
)
_FROM = (
    alerts.join(findings, findings.c.id == alerts.c.finding_id)
    .join(listing_versions, listing_versions.c.id == findings.c.version_id)
    .outerjoin(review_work, review_work.c.alert_id == alerts.c.alert_id)
)
_ORDERS: Final[dict[str, tuple[ColumnElement[Any], ...]]] = {
    "rank": (alerts.c.lane_rank, alerts.c.exposure_order, alerts.c.probability_order, alerts.c.alert_id),
    "newest": (alerts.c.updated_at.desc(), alerts.c.alert_id),
    "oldest": (alerts.c.opened_at, alerts.c.alert_id),
    "share": (findings.c.lowest_share_rank.is_(None), findings.c.lowest_share_rank, alerts.c.alert_id),
    "value": (alerts.c.exposure_order, alerts.c.alert_id),
}
_FACET_COLUMNS: Final[dict[str, ColumnElement[Any]]] = {
    **{name: alerts.c[name] for name in FACETS if name != "language"},
    "language": listing_versions.c.language,
}


class ReviewQueue:
    """The alerts of this store as a queue."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rows(
        self, wanted: QueueFilter, *, sort: str = "rank", limit: int = 50, offset: int = 0
    ) -> tuple[QueueRow, ...]:
        """Some alerts in order; `sort` is one of SORTS."""
        statement = _where(select(*_COLUMNS).select_from(_FROM), wanted).order_by(*_ORDERS[sort])
        with self._database.reading() as connection:
            rows = connection.execute(statement.limit(limit).offset(offset)).all()
        return tuple(_queue_row(row) for row in rows)

    def ids(self, wanted: QueueFilter, *, sort: str = "rank", limit: int = 1000) -> tuple[str, ...]:
        """Only the ids, for the way from one alert to the next."""
        statement = _where(select(alerts.c.alert_id).select_from(_FROM), wanted).order_by(*_ORDERS[sort])
        with self._database.reading() as connection:
            return tuple(connection.execute(statement.limit(limit)).scalars())

    def some(self, alert_ids: Iterable[str]) -> tuple[QueueRow, ...]:
        """These alerts, by rank; ids of no alert are passed over."""
        statement = select(*_COLUMNS).select_from(_FROM).where(alerts.c.alert_id.in_(list(alert_ids)))
        with self._database.reading() as connection:
            return tuple(_queue_row(row) for row in connection.execute(statement.order_by(*_ORDERS["rank"])))

    def count(self, wanted: QueueFilter) -> int:
        """How many alerts a filter lets through; MOST_COUNTED + 1 says that there are more."""
        some = _where(select(alerts.c.alert_id).select_from(_FROM), wanted).order_by(*_ORDERS["rank"])
        statement = select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery())
        with self._database.reading() as connection:
            return int(connection.execute(statement).scalar_one())

    def facets(self, wanted: QueueFilter) -> dict[str, tuple[tuple[str, int], ...]]:
        """How the first MOST_COUNTED alerts of a filter divide, most first.

        Each division leaves its own part of the filter out, so that one sees what else could be chosen.
        """
        chosen = {name for name in FACETS if getattr(wanted, name)}
        with self._database.reading() as connection:
            common = _divided(connection, wanted, "")
            own = {name: _divided(connection, wanted, name) for name in chosen}
        return {name: own.get(name, common)[name] for name in FACETS}

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
            needs = (
                select(_NEEDS, func.count())
                .select_from(review_work.join(alerts, alerts.c.alert_id == review_work.c.alert_id))
                .where(review_work.c.needs.in_([Need.SECOND.value, Need.LEAD.value]))
            )
            waiting: dict[str, int] = {row[0]: row[1] for row in connection.execute(needs.group_by(_NEEDS))}
        return count, oldest, waiting.get(Need.SECOND.value, 0), waiting.get(Need.LEAD.value, 0)


def _divided(connection: Connection, wanted: QueueFilter, leave_out: str) -> dict[str, tuple[tuple[str, int], ...]]:
    statement = _where(select(*_FACET_COLUMNS.values()).select_from(_FROM), wanted, leave_out=leave_out)
    rows = connection.execute(statement.order_by(*_ORDERS["rank"]).limit(MOST_COUNTED)).all()
    found = {}
    for place, name in enumerate(_FACET_COLUMNS):
        counted = Counter(row[place] for row in rows if row[place] is not None)
        found[name] = tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MOST_IN_A_FACET])
    return found


def _where(statement: Select[Any], wanted: QueueFilter, leave_out: str = "") -> Select[Any]:
    for name, column in (*_FACET_COLUMNS.items(), ("source", alerts.c.source)):
        values = sorted(getattr(wanted, name))
        if values and name != leave_out:
            # Several values through an index would have all of them sorted; plain text beside the column keeps the
            # planner to the index of the order, which stops at the limit.
            statement = statement.where(column == values[0] if len(values) == 1 else (column + "").in_(values))
    conditions: list[ColumnElement[bool]] = []
    if wanted.text:
        places = (alerts.c.title, alerts.c.url, alerts.c.external_id, alerts.c.source, alerts.c.product)
        found = or_(*(column.icontains(wanted.text, autoescape=True) for column in places))
        conditions.append(or_(found, alerts.c.alert_id.startswith(wanted.text.lower(), autoescape=True)))
    if wanted.seller:
        conditions.append(
            listing_versions.c.listing_json.contains(f'"name":"{_in_json(wanted.seller)}"', autoescape=True)
        )
    if wanted.share_below is not None:
        conditions.append(findings.c.lowest_share_rank <= wanted.share_below)
    if wanted.new_since is not None:
        conditions.append(alerts.c.updated_at > wanted.new_since)
    if wanted.holder:
        conditions.append(review_work.c.holder == wanted.holder)
    if wanted.needs is not Need.NOTHING:
        conditions += [review_work.c.needs == wanted.needs.value, wanted.needs.value == _NEEDS]
    return statement.where(and_(*conditions)) if conditions else statement


def _in_json(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _queue_row(row: Row[Any]) -> QueueRow:
    said = {name: getattr(row, name) for name in QueueRow.__slots__}
    return QueueRow(**said | {"needs": Need(row.needs or ""), "excerpt": _excerpt(row.excerpt)})


def _excerpt(start_of_listing: str) -> str:
    found = _TEXT_IN_JSON.search(start_of_listing)
    return unescape_text(json.loads(f'"{found.group(1)}"')) if found else ""
