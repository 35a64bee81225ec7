"""Deliveries start by themselves when something is due, keep their budget in the store, and heed the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
import pytest

from alerts.senders import ChannelSpec, routing_of
from domain.alert import AlertStatus
from jobs.deliveries import DELIVER, Deliveries
from jobs.engine import Job, JobState, JobStatus
from line.decide import claim, snooze
from line.tending import LOOKS_BACK, tend
from storage.console_memory import ConsoleMemory
from storage.evidence import open_evidence
from storage.store import Store
from street.receivers.running import Receivers, receivers_in_thread
from tests.storage.conftest import START, Builder


class HereAndNow:
    """An engine that does each job at once, where it is asked to."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self.done: dict[str, JobStatus] = {}
        self._lock = Lock()

    def run_now(self, job: Job) -> None:
        assert job.kind == DELIVER
        with self._lock:
            self.done[job.job_id] = JobStatus(job.job_id, JobState.SUCCEEDED, self._deliveries.handle(job.arguments))

    def wait(self, job_id: str) -> JobStatus:
        return self.done[job_id]


@pytest.fixture
def build() -> Builder:
    return Builder()


@pytest.fixture
def store(build: Builder, sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    from shutil import copy

    from storage.database import open_database

    copy(sqlite_template, tmp_path / "undercut.sqlite")
    database = open_database(f"sqlite:///{tmp_path / 'undercut.sqlite'}", migrate=False)
    store = Store(database, open_evidence(tmp_path / "evidence", tmp_path / "master.key"), build.clock)
    yield store
    store.close()


@contextmanager
def told_by_webhook(store: Store, build: Builder, **routes: dict[str, Any]) -> Iterator[tuple[Deliveries, Receivers]]:
    """Deliveries to channels of these names, which are all the same receiver."""
    with receivers_in_thread() as receivers:
        secrets = {"url": f"{receivers.webhook.address}/hook", "secret": "a-secret-of-enough-characters"}
        specs = {name: ChannelSpec("webhook", {}, secrets, table) for name, table in routes.items()}
        deliveries = Deliveries(store, lambda: specs, routing_of(specs), build.clock, look_every_seconds=0.02)
        yield deliveries, receivers
        deliveries.close(10)


def subjects(receivers: Receivers) -> list[str]:
    return [orjson.loads(request.body)["subject"] for request in receivers.webhook.taken]


def test_what_becomes_due_is_told_without_anybody_ringing(store: Store, build: Builder) -> None:
    with told_by_webhook(store, build, duty={}) as (deliveries, receivers):
        engine = HereAndNow(deliveries)
        deliveries.start(engine)  # type: ignore[arg-type]
        store.record(build.page(build.assessed("1", channels=("duty",))))
        with deliveries._state:
            assert deliveries._state.wait_for(lambda: bool(engine.done), 10)
        deliveries.close(10)
        assert len(subjects(receivers)) == 1


def test_nothing_due_asks_the_engine_for_nothing(store: Store, build: Builder) -> None:
    with told_by_webhook(store, build, duty={}) as (deliveries, _):
        engine = HereAndNow(deliveries)
        deliveries.start(engine)  # type: ignore[arg-type]
        deliveries.ring()
        assert deliveries.wait_until_idle(10)
        deliveries.close(10)
        assert not engine.done


def test_a_budget_holds_for_every_process_that_delivers(store: Store, build: Builder) -> None:
    route = {"budget_per_hour": 6, "reserved_for_grave": 0}
    store.record(build.page(*(build.assessed(str(n), channels=("duty",)) for n in range(30))))
    with told_by_webhook(store, build, duty=route) as (first, receivers):
        first.handle({})
        assert len(subjects(receivers)) == 5
    with told_by_webhook(store, build, duty=route) as (second, receivers):
        second.handle({})
        assert subjects(receivers) == []
        build.clock.advance(minutes=6)
        assert second.handle({})["folded"] == 25
        assert len(subjects(receivers)) == 1


def test_an_alert_left_alone_is_told_to_who_waits_for_that_once(store: Store, build: Builder) -> None:
    routing = routing_of({"lead": ChannelSpec("webhook", routes={"escalate_after_minutes": 30})})
    [alone, held] = store.record(build.page(build.assessed("1"), build.assessed("2"))).opened
    claim(ConsoleMemory(store), held.alert_id, "anna", build.clock())
    assert tend(store, routing, START + timedelta(minutes=29)).escalated == 0
    assert tend(store, routing, START + timedelta(minutes=30)).escalated == 1
    assert tend(store, routing, START + timedelta(minutes=31)).escalated == 0
    assert "lead" in {notice.channel for notice in store.outbox.of_alert(alone.alert_id)}


def test_a_new_version_that_nobody_looks_at_is_told_again(store: Store, build: Builder) -> None:
    routing = routing_of({"lead": ChannelSpec("webhook", routes={"escalate_after_minutes": 30})})
    store.record(build.page(build.assessed("1", text="old")))
    assert tend(store, routing, build.clock.advance(minutes=31)).escalated == 1
    store.record(build.page(build.assessed("1", text="edited, cheaper")))
    assert tend(store, routing, build.clock.advance(minutes=31)).escalated == 1


def test_more_alerts_than_are_looked_at_in_one_go_are_all_escalated(
    store: Store, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("line.tending.AT_A_TIME", 3)
    routing = routing_of({"lead": ChannelSpec("webhook", routes={"escalate_after_minutes": 1, "platforms": "relay"})})
    store.record(build.page(*(build.assessed(str(n)) for n in range(10))))
    assert tend(store, routing, START + timedelta(minutes=1)).escalated == 10


def test_what_was_left_alone_for_weeks_is_not_suddenly_urgent(store: Store, build: Builder) -> None:
    routing = routing_of({"lead": ChannelSpec("webhook", routes={"escalate_after_minutes": 30})})
    store.record(build.page(build.assessed("1")))
    assert tend(store, routing, START + LOOKS_BACK + timedelta(minutes=31)).escalated == 0


def test_a_sleeping_alert_is_quiet_and_told_again_when_it_wakes(store: Store, build: Builder) -> None:
    with told_by_webhook(store, build, duty={}) as (deliveries, receivers):
        [alert] = store.record(build.page(build.assessed("1", channels=("duty",)))).opened
        deliveries.handle({})
        snooze(ConsoleMemory(store), alert.alert_id, START + timedelta(hours=4), "", "anna", build.clock())
        build.clock.advance(hours=1)
        deliveries.handle({})
        assert len(subjects(receivers)) == 1
        build.clock.advance(hours=3)
        assert tend(store, deliveries._routing, build.clock()).woken == 1
        deliveries.handle({})
        assert len(subjects(receivers)) == 2
        assert store.alerts.get(alert.alert_id).status is AlertStatus.OPEN
        keys = {request.headers["idempotency-key"] for request in receivers.webhook.taken}
        assert len(keys) == 2


def test_an_edit_waits_for_a_sleeping_alert_to_wake_and_is_told_once(store: Store, build: Builder) -> None:
    with told_by_webhook(store, build, duty={}) as (deliveries, receivers):
        [alert] = store.record(build.page(build.assessed("1", channels=("duty",)))).opened
        deliveries.handle({})
        snooze(ConsoleMemory(store), alert.alert_id, START + timedelta(hours=4), "", "anna", build.clock())
        build.clock.advance(hours=1)
        store.record(build.page(build.assessed("1", text="edited", channels=("duty",))))
        deliveries.handle({})
        assert len(subjects(receivers)) == 1
        build.clock.advance(hours=3)
        tend(store, deliveries._routing, build.clock())
        deliveries.handle({})
        assert [subject.endswith("(version 2)") for subject in subjects(receivers)] == [False, True]


@pytest.mark.parametrize("worse", [{"share": "0.1"}, {"severity": "critical"}, {"lane": "credential_abuse"}])
def test_what_becomes_much_worse_wakes_by_itself(store: Store, build: Builder, worse: dict[str, Any]) -> None:
    from domain.alert import Severity
    from domain.finding import Lane

    if "severity" in worse:
        worse = {"severity": Severity(worse["severity"])}
    if "lane" in worse:
        worse = {"lane": Lane(worse["lane"])}
    with told_by_webhook(store, build, duty={}) as (deliveries, receivers):
        [alert] = store.record(build.page(build.assessed("1", share="0.2", channels=("duty",)))).opened
        deliveries.handle({})
        snooze(ConsoleMemory(store), alert.alert_id, START + timedelta(hours=4), "", "anna", build.clock())
        build.clock.advance(hours=1)
        store.record(build.page(build.assessed("1", text="edited", channels=("duty",), **worse)))
        deliveries.handle({})
        assert len(subjects(receivers)) == 2
        assert store.alerts.get(alert.alert_id).status is AlertStatus.OPEN


def test_what_waits_to_be_told_sleeps_too(store: Store, build: Builder) -> None:
    with told_by_webhook(store, build, duty={}) as (deliveries, receivers):
        [alert] = store.record(build.page(build.assessed("1", channels=("duty",)))).opened
        snooze(ConsoleMemory(store), alert.alert_id, START + timedelta(hours=4), "", "anna", build.clock())
        build.clock.advance(hours=3)
        deliveries.handle({})
        assert subjects(receivers) == []
