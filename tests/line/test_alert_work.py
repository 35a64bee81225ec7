"""Explaining, trying another policy, deciding, snoozing and telling again, over a real store."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.backtest import Change
from alerts.policy import load_policy, parse_policy
from domain.alert import AlertStatus, Severity
from line.access import invite, join
from line.alert_policy import backtest_object, backtest_policy, explain_alert, explained_object
from line.alert_work import (
    AlertWorkError,
    decide_by_name,
    notices,
    resend_alert,
    resend_parked,
    snooze_by_name,
    span_of,
    who_acts,
)
from line.decide import DecisionError
from storage.console_memory import ConsoleMemory
from storage.database import open_database
from storage.evidence import open_evidence
from storage.outbox import NoticeState
from storage.store import Store
from tests.storage.conftest import START, Builder

STRICTER = """
rules:
  - name: relays-under-a-tenth
    why: Only the deepest discounts of relays, while two people are away.
    when: {lane: pooled_relay, share_below: 0.1}
    then: {alert: true, severity: critical, queue: night}
"""


@pytest.fixture
def build() -> Builder:
    return Builder()


@pytest.fixture
def store(build: Builder, sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(sqlite_template, tmp_path / "undercut.sqlite")
    database = open_database(f"sqlite:///{tmp_path / 'undercut.sqlite'}", migrate=False)
    store = Store(database, open_evidence(tmp_path / "evidence", tmp_path / "master.key"), build.clock)
    yield store
    store.close()


def test_the_explanation_names_the_rule_and_what_would_have_to_differ(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    explained = explain_alert(store, alert, parse_policy(STRICTER, "stricter"))
    assert explained.explanation.outcome.alert is False
    assert "would raise no alert" in explained.changed
    [rule] = explained_object(explained)["rules"]
    assert rule["rule"] == "relays-under-a-tenth"
    assert any("share_below" in difference for difference in rule["would_have_to_differ"])


def test_a_backtest_says_what_would_stop_and_what_would_be_graver(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("cheap", share="0.05"), build.assessed("dear", share="0.4")))
    report = backtest_policy(store, load_policy(), parse_policy(STRICTER, "stricter"))
    assert (report.findings, report.alerts_before, report.alerts_after) == (2, 2, 1)
    assert report.changes == {Change.STOPS: 1, Change.GRAVER: 1}
    told = backtest_object(report)
    assert {(one["change"], one["external_id"]) for one in told["examples"]} == {("stops", "dear"), ("graver", "cheap")}


def test_a_backtest_reads_every_listing_however_many_and_only_those_seen_since(
    store: Store, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.judged.AT_A_TIME", 3)
    store.record(build.page(*(build.assessed(str(n)) for n in range(10))))
    build.clock.advance(days=2)
    store.record(build.page(build.assessed("late")))
    same = load_policy()
    assert backtest_policy(store, same, same).findings == 11
    assert backtest_policy(store, same, same, START + timedelta(days=1)).findings == 1


def test_a_verdict_by_name_closes_the_alert(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1", severity=Severity.MEDIUM))).opened
    said = decide_by_name(
        ConsoleMemory(store), alert.alert_id, "not_a_violation", "not_an_offer", "", "anna", build.clock()
    )
    assert "closed" in said
    assert store.alerts.get(alert.alert_id).status is AlertStatus.CLOSED


def test_once_there_are_accounts_only_people_who_may_decide_do(store: Store, build: Builder) -> None:
    memory = ConsoleMemory(store)
    assert who_acts(memory, "whoever works here") == ("whoever works here", False)
    for name, role in (("Anna", "analyst"), ("Lea", "lead"), ("Vera", "viewer")):
        token = invite(memory.accounts, frozenset({role}), "test", build.clock())
        join(memory.accounts, token, name, "a long enough password", build.clock())
    assert who_acts(memory, "anna") == ("Anna", False)
    assert who_acts(memory, "Lea") == ("Lea", True)
    for nobody in ("Vera", "whoever works here", ""):
        with pytest.raises(AlertWorkError, match="--by"):
            who_acts(memory, nobody)


@pytest.mark.parametrize(
    ("outcome", "reason", "names"), [("guilty", "x", "not_a_violation"), ("confirmed", "x", "resold_access")]
)
def test_a_wrong_word_names_the_right_ones(store: Store, build: Builder, outcome: str, reason: str, names: str) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    with pytest.raises(AlertWorkError, match=names):
        decide_by_name(ConsoleMemory(store), alert.alert_id, outcome, reason, "", "anna", build.clock())


def test_snoozing_by_a_span(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    assert "2026-06-01 16:00" in snooze_by_name(ConsoleMemory(store), alert.alert_id, "4h", "", "anna", build.clock())
    assert store.alerts.get(alert.alert_id).status is AlertStatus.SNOOZED
    with pytest.raises(DecisionError):
        snooze_by_name(ConsoleMemory(store), alert.alert_id, "52w", "", "anna", build.clock())


@pytest.mark.parametrize("text", ["", "4", "h", "-1h", "0h", "4 hours", "4H", "999999d", "١h"])
def test_what_is_no_span_of_time(text: str) -> None:
    with pytest.raises(AlertWorkError):
        span_of(text)


def test_what_was_given_up_is_shown_and_told_again(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1", channels=("mail", "chat"))))
    for one in store.outbox.claim_due(build.clock(), 10, timedelta(minutes=5)):
        store.outbox.mark_parked(one.notice.notice_id, build.clock(), "refused: 403")
    assert [one.detail for one in notices(store, ["parked"], 10)] == ["refused: 403"] * 2
    assert resend_parked(store, "mail") == 1
    assert resend_parked(store, None) == 1
    assert store.outbox.counts()[NoticeState.PENDING] == 2
    with pytest.raises(AlertWorkError, match="delivering"):
        notices(store, ["lost"], 10)


def test_an_alert_is_told_again_in_its_newest_version(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    build.clock.advance(minutes=1)
    store.record(build.page(build.assessed("1", text="edited")))
    for one in store.outbox.claim_due(build.clock(), 10, timedelta(minutes=5)):
        store.outbox.mark_delivered(one.notice.notice_id, build.clock(), "ok")
    assert resend_alert(store, alert.alert_id, None) == 1
    [again] = store.outbox.claim_due(build.clock(), 10, timedelta(minutes=5))
    assert again.notice.alert.version == 2
