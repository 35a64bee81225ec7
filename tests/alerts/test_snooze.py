"""A snoozed alert stays quiet until its time, unless it becomes worse."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.snooze import Snooze, SnoozeError, Waking, snooze, wakes
from domain.alert import Alert, Severity
from domain.clock import NaiveTimeError
from domain.finding import Lane
from tests.alerts.conftest import NOON, make_alert, make_finding, make_offer

TOMORROW = NOON + timedelta(days=1)


def put_off(alert: Alert | None = None) -> Snooze:
    return snooze(alert or make_alert(), TOMORROW, "analyst@example.test", NOON)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, None),
        ({"version": 2, "title": "edited"}, None),
        ({"severity": Severity.CRITICAL}, Waking.GRAVER),
        ({"severity": Severity.LOW}, None),
        ({"finding": make_finding(lane=Lane.FRAUD_SUPPLY)}, Waking.GRAVER),
        ({"finding": make_finding(lane=Lane.GREY)}, None),
        ({"finding": make_finding(offers=(make_offer("0.06"),))}, None),
        ({"finding": make_finding(offers=(make_offer("0.055"),))}, Waking.DEEPER_DISCOUNT),
        ({"finding": make_finding(offers=(make_offer(None),))}, None),
    ],
)
def test_only_what_is_worse_comes_back_early(changes: dict[str, Any], expected: Waking | None) -> None:
    assert wakes(put_off(), make_alert(**changes), NOON + timedelta(hours=1)) == expected


def test_a_price_that_becomes_readable_is_worse_than_none() -> None:
    unpriced = make_alert(finding=make_finding(offers=(make_offer(None),)))
    assert wakes(put_off(unpriced), unpriced, NOON) is None
    assert wakes(put_off(unpriced), make_alert(), NOON) is Waking.DEEPER_DISCOUNT


def test_what_is_free_cannot_become_cheaper() -> None:
    free = make_alert(finding=make_finding(offers=(make_offer("0"),)))
    assert wakes(put_off(free), free, NOON) is None


def test_time_brings_every_alert_back() -> None:
    assert wakes(put_off(), make_alert(), TOMORROW - timedelta(seconds=1)) is None
    assert wakes(put_off(), make_alert(), TOMORROW) is Waking.TIME


@pytest.mark.parametrize(
    ("until", "message"),
    [(NOON, "has passed"), (NOON + timedelta(days=31), "30 days at most")],
)
def test_a_snooze_ends_later_than_now_and_within_a_month(until: datetime, message: str) -> None:
    with pytest.raises(SnoozeError, match=message):
        snooze(make_alert(), until, "analyst@example.test", NOON)


def test_its_end_needs_a_time_zone() -> None:
    with pytest.raises(NaiveTimeError, match="the end of a snooze"):
        snooze(make_alert(), TOMORROW.replace(tzinfo=None), "analyst@example.test", NOON)
    assert put_off().until.tzinfo is UTC
