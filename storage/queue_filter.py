"""Which alerts a reviewer asks for, and those that a text or a seller's name may mean."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select

from domain.finding import Lane
from storage.reviews import Need
from storage.search.index import index_for
from storage.search.query import Search, facet_groups, terms_of
from storage.tables import alerts, findings, listing_versions

SORTS: Final = ("rank", "newest", "oldest", "share", "value")
FACETS: Final = ("status", "severity", "lane", "platform", "queue", "product", "language")
MOST_CANDIDATES: Final = 1000
NEWEST_READ: Final = 300
"""So many of the newest alerts are compared letter by letter: the search index knows words, and is seconds behind."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which alerts to show; an empty part lets every alert through.

    `text` is searched for: words in the listing, its address or its seller; an alert's id; a source; a product.
    `seller` is a name among the listing's handles. `new_since` lets through what was raised or changed since then.
    `holder` is whose alerts, `needs` what they wait for.
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


def candidates_for(connection: Connection, wanted: QueueFilter) -> set[str] | None:
    """The ids of the alerts that a text and a seller's name may mean, None where neither is asked for.

    Words are looked up in the search index, among whose newest thousand listings the alerts are; a few hundred of the
    newest alerts are read letter by letter beside it.
    """
    found: set[str] | None = None
    if wanted.text:
        found = _by_text(connection, wanted)
    if wanted.seller:
        sold = _by_seller(connection, wanted)
        found = sold if found is None else found & sold
    return found


def _by_text(connection: Connection, wanted: QueueFilter) -> set[str]:
    # PostgreSQL takes neither NUL nor half a surrogate pair in what is compared with plain columns.
    text = wanted.text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    same = or_(alerts.c.source == text, alerts.c.product == text)
    by_name = select(alerts.c.alert_id).where(same).limit(MOST_CANDIDATES)
    lowest, highest = text.lower(), text.lower() + "\x7f"
    by_id = select(alerts.c.alert_id).where(alerts.c.alert_id >= lowest, alerts.c.alert_id < highest)
    found = set(connection.execute(by_name).scalars())
    if text.isascii() and text.isalnum():
        found |= set(connection.execute(by_id.limit(MOST_CANDIDATES)).scalars())
    places = (alerts.c.title, alerts.c.url, alerts.c.external_id, alerts.c.source, alerts.c.product)
    newest = _newest(connection)
    near = or_(*(column.icontains(text, autoescape=True) for column in places))
    found |= set(connection.execute(select(alerts.c.alert_id).where(alerts.c.alert_id.in_(newest), near)).scalars())
    return found | set(_by_words(connection, text, wanted))


def _by_seller(connection: Connection, wanted: QueueFilter) -> set[str]:
    """Alerts whose listing has the very name among its handles."""
    written = wanted.seller.replace("\\", "\\\\").replace('"', '\\"')
    named = listing_versions.c.listing_json.contains(f'"name":"{written}"', autoescape=True)
    either = {*_by_words(connection, f'"{wanted.seller}"', wanted), *_newest(connection)}
    statement = (
        select(alerts.c.alert_id)
        .join(findings, findings.c.id == alerts.c.finding_id)
        .join(listing_versions, listing_versions.c.id == findings.c.version_id)
        .where(alerts.c.alert_id.in_(either), named)
    )
    return set(connection.execute(statement).scalars())


def _newest(connection: Connection) -> list[str]:
    statement = select(alerts.c.alert_id).order_by(alerts.c.updated_at.desc()).limit(NEWEST_READ)
    return list(connection.execute(statement).scalars())


def _by_words(connection: Connection, text: str, wanted: QueueFilter) -> list[str]:
    terms = terms_of(text)
    if not terms:
        return []
    narrowed = Search(
        platforms=wanted.platform,
        products=wanted.product,
        languages=wanted.language,
        sources=wanted.source,
        lanes=frozenset(Lane(lane) for lane in wanted.lane if lane in set(Lane)),
    )
    numbers = index_for(connection).newest(
        connection, terms, facet_groups(narrowed), title=False, limit=MOST_CANDIDATES
    )
    statement = select(alerts.c.alert_id).join(listing_versions, listing_versions.c.listing_id == alerts.c.listing_id)
    within: ColumnElement[bool] = listing_versions.c.id.in_(numbers)
    rows: Any = connection.execute(statement.where(within)).scalars() if numbers else ()
    return list(dict.fromkeys(rows))
