from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.alert import AlertStatus, Severity
from domain.finding import Lane
from storage.alerts import AlertFilter, CursorError
from storage.errors import UnknownRecordError
from storage.store import Store
from tests.storage.conftest import Builder

RANKED = [
    ("a", Lane.CREDENTIAL_ABUSE, "1", 0.6),
    ("b", Lane.CREDENTIAL_ABUSE, None, 0.99),
    ("c", Lane.POOLED_RELAY, "1e30", 0.5),
    ("d", Lane.POOLED_RELAY, "5000", 0.5),
    ("e", Lane.POOLED_RELAY, "200", 0.9),
    ("f", Lane.POOLED_RELAY, "200", 0.8),
    ("g", Lane.POOLED_RELAY, "0", 0.8),
    ("h", Lane.POOLED_RELAY, None, 0.9),
    ("i", Lane.GREY, "1000000", 0.99),
]


@pytest.fixture
def ranked(store: Store, build: Builder) -> Store:
    shuffled = sorted(RANKED, key=lambda row: hash(row[0]) % 7)
    store.record(
        build.page(
            *(
                build.assessed(name, lane=lane, exposure=exposure, probability=probability)
                for name, lane, exposure, probability in shuffled
            )
        )
    )
    return store


def names(store: Store, wanted: AlertFilter | None = None) -> str:
    return "".join(alert.external_id for alert in store.alerts.list(wanted).alerts)


def test_lane_then_exposure_unknown_last_then_confidence(ranked: Store) -> None:
    assert names(ranked) == "abcdefghi"


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9, 10])
def test_pages_go_through_all_once(ranked: Store, limit: int) -> None:
    seen, cursor = "", None
    while True:
        page = ranked.alerts.list(limit=limit, cursor=cursor)
        assert len(page.alerts) <= limit
        seen += "".join(alert.external_id for alert in page.alerts)
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == "abcdefghi"


def test_a_page_does_not_shift_when_something_graver_comes(ranked: Store, build: Builder) -> None:
    first = ranked.alerts.list(limit=4)
    ranked.record(build.page(build.assessed("new", lane=Lane.CREDENTIAL_ABUSE, exposure="9999"), sha256="00"))
    rest = ranked.alerts.list(limit=50, cursor=first.next_cursor)
    assert "".join(alert.external_id for alert in rest.alerts) == "efghi"


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "bnVsbA==", "WzEsMiwzXQ==", "9" * 5000])
def test_a_cursor_of_somebody_else_is_refused(ranked: Store, cursor: str) -> None:
    with pytest.raises(CursorError):
        ranked.alerts.list(cursor=cursor)


def test_filters(store: Store, build: Builder) -> None:
    other = build.listing("x", source="github/search", platform="github")
    low = build.assessed("y", severity=Severity.LOW)
    [_, first, _] = store.record(build.page(build.assessed(listing=other), build.assessed("z"), low)).opened
    store.alerts.set_status(first.alert_id, AlertStatus.CLOSED)

    def count(**parts: object) -> int:
        wanted = AlertFilter(**{name: frozenset(values) for name, values in parts.items()})  # type: ignore[call-overload]
        found = store.alerts.list(wanted).alerts
        assert store.alerts.count(wanted) == len(found)
        return len(found)

    assert count() == 3
    assert count(statuses={AlertStatus.OPEN}) == 2
    assert count(statuses=set(AlertStatus)) == 3
    assert count(sources={"github/search"}) == 1
    assert count(severities={Severity.LOW, Severity.MEDIUM}) == 1
    assert count(lanes={Lane.GREY}) == 0
    assert count(products={"claude-opus-4-8"}, queues={"review"}) == 3
    assert count(products={"' OR 1=1 --"}) == 0


def test_an_alert_is_found_by_the_start_of_its_id(ranked: Store) -> None:
    alert = ranked.alerts.list().alerts[0]
    assert ranked.alerts.find(alert.alert_id[:8]) == (alert,)
    assert ranked.alerts.find("%") == ()
    with pytest.raises(UnknownRecordError, match="undercut alerts list"):
        ranked.alerts.get("nothing")
    with pytest.raises(UnknownRecordError):
        ranked.alerts.set_status("nothing", AlertStatus.CLOSED)


def test_the_exact_exposure_is_in_the_finding(ranked: Store) -> None:
    by_name = {alert.external_id: alert for alert in ranked.alerts.list().alerts}
    exposure = by_name["c"].finding.exposure
    assert exposure is not None
    assert exposure.high.amount == Decimal("1e30")


def test_ranking_is_read_from_an_index(ranked: Store) -> None:
    if not ranked.database.is_sqlite:
        return
    with ranked.database.reading() as connection:
        for where, index in (("", "ix_alerts_ranking"), ("WHERE status = 'open'", "ix_alerts_status_ranking")):
            plan = connection.execute(
                sa.text(
                    f"EXPLAIN QUERY PLAN SELECT * FROM alerts {where} "  # noqa: S608 - fixed texts
                    "ORDER BY lane_rank, exposure_order, probability_order, alert_id LIMIT 50"
                )
            ).all()
            assert index in plan[0].detail
            assert "TEMP B-TREE" not in str(plan)
