import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.alert import AlertStatus
from domain.decision import Decision, Outcome
from domain.lead import Lead, LeadStatus
from domain.reading import Reading, ReadingState
from storage.crawl_memory import KeptRobots
from storage.errors import SchedulerLostError, SchedulerRunningError, UnknownRecordError
from storage.overlay import EMPTY_VERSION, OverlayKind
from storage.scheduler_lock import SchedulerLock, this_process
from storage.store import Store
from tests.storage.conftest import SOURCE, Builder


def test_decisions_stand_beside_one_another(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    first = Decision(
        alert.alert_id, 1, Outcome.NOT_A_VIOLATION, "own_account", "as the \x00 page says", "li", build.clock()
    )
    second = replace(first, outcome=Outcome.CONFIRMED, note="", decided_at=build.clock.advance(hours=1))
    numbers = [store.decisions.add(first, AlertStatus.CLOSED), store.decisions.add(second, AlertStatus.CLAIMED)]
    kept = store.decisions.of(alert.alert_id)
    assert [one.decision for one in kept] == [first, second]
    assert [one.number for one in kept] == numbers
    now = store.alerts.get(alert.alert_id)
    assert (now.status, now.finding) == (AlertStatus.CLAIMED, alert.finding)


def test_a_decision_needs_its_alert_version(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    wrong = Decision(alert.alert_id, 2, Outcome.CONFIRMED, "resale", "", "li", build.clock())
    with pytest.raises(UnknownRecordError, match="no version 2"):
        store.decisions.add(wrong, AlertStatus.CLOSED)
    assert store.decisions.of(alert.alert_id) == ()
    assert store.alerts.get(alert.alert_id).status is AlertStatus.OPEN


def test_a_lead_is_kept_once_and_decided_by_a_person(store: Store, build: Builder) -> None:
    lead = Lead("https://new.example.test", "linked by a seller", "https://shop.example.test", "new_api")
    for _ in range(3):
        recorded = store.record(build.page(reading=Reading(ReadingState.FRESH, leads=(lead, lead))))
        build.clock.advance(hours=1)
    assert recorded.new_leads == 0
    [kept] = store.leads.list()
    assert (kept.lead, kept.times_found, kept.status) == (lead, 3, LeadStatus.PROPOSED)
    decided = store.leads.decide(kept.number, LeadStatus.REJECTED, by="li", at=build.clock(), note="a blog")
    assert (decided.status, decided.decided_by, decided.note) == (LeadStatus.REJECTED, "li", "a blog")
    store.leads.add([lead], build.clock())
    assert store.leads.list() == ()
    [still] = store.leads.list(None)
    assert (still.status, still.times_found) == (LeadStatus.REJECTED, 4)
    with pytest.raises(UnknownRecordError):
        store.leads.decide(99, LeadStatus.APPROVED, by="li", at=build.clock())


def test_the_overlay_is_versioned_and_never_overwritten(store: Store, build: Builder) -> None:
    overlay = store.overlay
    assert overlay.version() == EMPTY_VERSION
    first = overlay.put(OverlayKind.WORDS, "slang", "満血: genuine", author="li")
    assert overlay.put(OverlayKind.WORDS, "slang", "満血: genuine", author="somebody else") == first
    one = overlay.version()
    overlay.put(OverlayKind.POLICY, "night", "quiet: true", author="li", note="for the winter")
    second = overlay.put(OverlayKind.WORDS, "slang", "满血: genuine\x00\ud800", author="an")
    assert (second.version, second.content) == (2, "满血: genuine\x00\ud800")
    assert overlay.current(OverlayKind.WORDS) == (second,)
    assert overlay.history(OverlayKind.WORDS, "slang") == (first, second)
    overlay.retire(OverlayKind.POLICY, "night", author="li")
    assert overlay.current(OverlayKind.POLICY) == ()
    assert overlay.version() not in {EMPTY_VERSION, one}
    overlay.put(OverlayKind.WORDS, "slang", "満血: genuine", author="li")
    assert overlay.version() == one
    assert [entry.version for entry in overlay.history(OverlayKind.WORDS, "slang")] == [1, 2, 3]
    with pytest.raises(UnknownRecordError, match="nothing to retire"):
        overlay.retire(OverlayKind.POLICY, "night", author="li")


def test_every_process_sees_the_overlay(open_store_again: Callable[[], Store]) -> None:
    one, other = open_store_again(), open_store_again()
    one.overlay.put(OverlayKind.SOURCE, "relay/new", "name: x", author="li")
    assert other.overlay.version() == one.overlay.version() != EMPTY_VERSION


def test_a_host_is_changed_by_one_process_at_a_time(open_store_again: Callable[[], Store]) -> None:
    stores = [open_store_again() for _ in range(2)]

    def count_up(store: Store) -> None:
        for _ in range(20):
            store.crawl_memory.change_host("shop.example.test", lambda held: (str(int(held or 0) + 1), None))

    threads = [threading.Thread(target=count_up, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].crawl_memory.host("shop.example.test") == "40"
    assert stores[0].crawl_memory.host("other.example.test") is None


def test_a_change_that_fails_changes_nothing(store: Store) -> None:
    store.crawl_memory.change_host("shop.example.test", lambda _: ("1", None))

    def fail(_: str | None) -> tuple[str, None]:
        raise RuntimeError("defect")

    with pytest.raises(RuntimeError):
        store.crawl_memory.change_host("shop.example.test", fail)
    assert store.crawl_memory.host("shop.example.test") == "1"


def test_robots_and_validators_are_remembered(store: Store, build: Builder) -> None:
    memory = store.crawl_memory
    assert memory.robots("https://x.example.test") is None
    for status, body in ((200, b"User-agent: *\x00\xff"), (0, b"")):
        robots = KeptRobots(status, body, build.clock(), "note")
        memory.keep_robots("https://x.example.test", robots)
        assert memory.robots("https://x.example.test") == robots
    assert memory.validators(SOURCE, "https://x.example.test/") is None
    memory.keep_validators(SOURCE, "https://x.example.test/", etag='"1"', last_modified=None)
    memory.keep_validators(SOURCE, "https://x.example.test/", etag='"2"', last_modified="Mon, 01 Jun 2026")
    assert memory.validators(SOURCE, "https://x.example.test/") == ('"2"', "Mon, 01 Jun 2026")
    assert memory.validators("other/source", "https://x.example.test/") is None


def test_a_second_scheduler_is_told_who_is_there(open_store_again: Callable[[], Store]) -> None:
    one, other = open_store_again(), open_store_again()
    holder = this_process()
    one.scheduler_lock.acquire(holder)
    with pytest.raises(SchedulerRunningError, match=f"process {holder.process_id} on .*stop it first"):
        other.scheduler_lock.acquire(this_process())
    one.scheduler_lock.release(holder)
    other.scheduler_lock.acquire(this_process())


def test_a_silent_scheduler_loses_its_place(store: Store, build: Builder) -> None:
    silent, new = this_process(), this_process()
    store.scheduler_lock.acquire(silent)
    build.clock.advance(seconds=59)
    store.scheduler_lock.heartbeat(silent)
    build.clock.advance(seconds=61)
    store.scheduler_lock.acquire(new)
    with pytest.raises(SchedulerLostError, match="another scheduler took over"):
        store.scheduler_lock.heartbeat(silent)
    store.scheduler_lock.release(silent)
    store.scheduler_lock.heartbeat(new)


def test_the_place_of_a_dead_process_of_this_machine_is_free_at_once(store: Store, build: Builder) -> None:
    dead = replace(this_process(), process_id=999_999_999, process_started="12345")
    store.scheduler_lock.acquire(dead)
    store.scheduler_lock.acquire(this_process())
    elsewhere = replace(dead, token="t", host="another-machine")
    lock = SchedulerLock(store.database, build.clock, stale_after=timedelta(seconds=60))
    build.clock.advance(minutes=2)
    lock.acquire(elsewhere)
    with pytest.raises(SchedulerRunningError, match="another-machine"):
        lock.acquire(this_process())


def test_snapshots_are_read_back_in_batches(store: Store, build: Builder) -> None:
    for _ in range(5):
        store.record(build.page(build.assessed("1")))
        build.clock.advance(hours=1)
    numbers = [kept.number for kept in store.snapshots.all_since(batch=2)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 5
    since = build.clock() - timedelta(hours=2)
    assert [kept.snapshot.fetched_at >= since for kept in store.snapshots.all_since(since, batch=1)] == [True, True]
    newest = store.snapshots.of_source(SOURCE, limit=2)
    assert [kept.number for kept in newest] == numbers[:-3:-1]
    with pytest.raises(UnknownRecordError):
        store.snapshots.get(99)
