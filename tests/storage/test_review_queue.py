"""The queue on both databases: every filter, order and division, and what waits for whom."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from alerts.policy import load_policy
from benchmarks.bulk_store import NEWEST, fill
from detectors.assess import load_detector
from domain.decision import Decision, Outcome
from rates.book import load_rate_book
from storage.database import Database
from storage.queue_filter import FACETS, SORTS, QueueFilter
from storage.review_queue import ReviewQueue
from storage.reviews import Need, Reviews, Work

LISTINGS = 400


@pytest.fixture
def database(open_store_database: Callable[[], Database]) -> Database:
    database = open_store_database()
    rates = load_rate_book()
    fill(database, load_detector(rates=rates), rates, load_policy(None), listings_wanted=LISTINGS, seed=1)
    return database


def test_every_filter_order_and_division(database: Database, tmp_path: Path) -> None:
    queue, reviews = ReviewQueue(database), Reviews(database)
    everything = queue.counted(QueueFilter())
    assert len(everything.ids) == LISTINGS // 10
    for name in FACETS:
        for value, count in everything.facets[name]:
            wanted = QueueFilter(**{name: frozenset({value})})  # type: ignore[arg-type]
            assert len(queue.counted(wanted).ids) == count, (name, value)
            assert dict(queue.facets(wanted)[name]) == dict(everything.facets[name])
    for sort in SORTS:
        assert set(queue.counted(QueueFilter(), sort=sort).ids) == set(everything.ids)
    rows = queue.in_order(everything.ids)
    two = QueueFilter(status=frozenset({"open", "closed"}), lane=frozenset({rows[0].lane, rows[-1].lane}))
    expected = [row.alert_id for row in rows if row.status in two.status and row.lane in two.lane]
    counted = queue.counted(two)
    assert list(counted.ids) == expected
    assert dict(counted.facets["status"])["open"] == sum(row.status == "open" for row in rows if row.lane in two.lane)
    low = QueueFilter(share_below=Decimal("0.2"))
    assert {row.alert_id for row in queue.rows(low)} == {
        row.alert_id for row in rows if row.share is not None and row.share <= Decimal("0.2")
    }
    assert queue.count(QueueFilter(new_since=NEWEST - timedelta(seconds=1))) == 1
    assert [row.external_id for row in queue.rows(QueueFilter(text="item-390"))] == ["item-390"]
    assert [row.external_id for row in queue.rows(QueueFilter(seller="seller_390"))] == ["item-390"]
    assert queue.count(QueueFilter(text=rows[3].alert_id[:12])) == 1
    assert queue.count(QueueFilter(text="nothing\x00like\ud800it")) == 0
    assert queue.health()[2:] == (0, 0)
    first = rows[0].alert_id
    reviews.write(Work(first, holder="Ana", needs=Need.SECOND, first_by="Ana"), [])
    assert queue.health()[2:] == (0, 0)
    from storage.alerts import Alerts
    from storage.decisions import Decisions

    at = datetime(2026, 11, 24, 13, tzinfo=UTC)
    decision = Decision(first, 1, Outcome.CONFIRMED, "resold_access", "", "Ana", at)
    Decisions(database).add(decision, Alerts(database).get(first).status)
    assert queue.health()[2:] == (1, 0)
    assert queue.ids(QueueFilter(needs=Need.SECOND)) == (first,)
    assert queue.ids(QueueFilter(holder="Ana")) == (first,)
