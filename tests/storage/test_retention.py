from datetime import timedelta

import pytest

from domain.alert import AlertStatus
from domain.decision import Decision, Outcome
from storage.errors import UnknownRecordError
from storage.records import AssessedListing
from storage.retention.holds import HoldError, HoldKind
from storage.retention.policy import Flag, Kept, RetentionClass, RetentionPolicy, keep_until
from storage.store import Store
from tests.storage.conftest import SOURCE, START, Builder

DAY = timedelta(days=1)


def keep(store: Store, build: Builder, *assessed: AssessedListing) -> str:
    sha256 = store.evidence.keep(repr([one.listing for one in assessed]).encode())
    store.record(build.page(*assessed, sha256=sha256, body_bytes=1000))
    return sha256


def decide(store: Store, build: Builder, outcome: Outcome) -> str:
    alert = store.alerts.list().alerts[0]
    decision = Decision(alert.alert_id, alert.version, outcome, "reason", "", "li", build.clock())
    store.decisions.add(decision, AlertStatus.CLOSED)
    return alert.alert_id


@pytest.mark.parametrize(
    ("flags", "kept"),
    [
        ([], Kept(RetentionClass.UNFLAGGED, START + 7 * DAY)),
        ([Flag(START)], Kept(RetentionClass.UNREVIEWED, START + 90 * DAY)),
        ([Flag(START, Outcome.NEEDS_MORE, START)], Kept(RetentionClass.UNREVIEWED, START + 90 * DAY)),
        ([Flag(START, Outcome.AUTHORISED, START + DAY)], Kept(RetentionClass.DISMISSED, START + 31 * DAY)),
        ([Flag(START + 40 * DAY, Outcome.DUPLICATE, START)], Kept(RetentionClass.DISMISSED, START + 30 * DAY)),
        ([Flag(START + DAY, Outcome.CONFIRMED, START)], Kept(RetentionClass.CONFIRMED, START + 731 * DAY)),
        (
            [Flag(START, Outcome.DUPLICATE, START), Flag(START, Outcome.ESCALATED, START)],
            Kept(RetentionClass.CONFIRMED, START + 730 * DAY),
        ),
    ],
)
def test_a_body_is_kept_for_what_needs_it_longest(flags: list[Flag], kept: Kept) -> None:
    assert keep_until(RetentionPolicy(), START, flags) == kept


def test_what_is_due_is_previewed_then_forgotten(store: Store, build: Builder) -> None:
    dull = keep(store, build, build.assessed("dull", alert=False))
    flagged = keep(store, build, build.assessed("flagged"), build.assessed("beside it", alert=False))
    build.clock.advance(days=7)
    preview = store.retention.preview()
    assert (preview.bodies, preview.body_bytes, preview.held) == ({RetentionClass.UNFLAGGED: 1}, 1000, 0)
    assert store.evidence.has(dull)
    assert store.retention.purge(actor="nightly") == preview
    assert (store.evidence.has(dull), store.evidence.has(flagged)) == (False, True)
    assert store.retention.purge(actor="nightly").bodies == {}
    [note] = store.custody.notes("purged")
    assert (note.actor, note.subject, note.details) == ("nightly", "1 bodies", {"unflagged": "1"})
    assert store.custody.verify().whole
    assert store.snapshots.get(1).snapshot.sha256 == dull


@pytest.mark.parametrize(
    ("outcome", "days", "kept_class"),
    [
        (None, 90, RetentionClass.UNREVIEWED),
        (Outcome.NOT_A_VIOLATION, 30, RetentionClass.DISMISSED),
        (Outcome.CONFIRMED, 730, RetentionClass.CONFIRMED),
    ],
)
def test_the_last_decision_says_how_long(
    store: Store, build: Builder, outcome: Outcome | None, days: int, kept_class: RetentionClass
) -> None:
    sha256 = keep(store, build, build.assessed("1"))
    if outcome is not None:
        decide(store, build, Outcome.NEEDS_MORE)
        decide(store, build, outcome)
    build.clock.advance(days=days, microseconds=-1)
    assert store.retention.purge(actor="nightly").bodies == {}
    build.clock.advance(microseconds=1)
    assert store.retention.purge(actor="nightly").bodies == {kept_class: 1}
    assert not store.evidence.has(sha256)


def test_many_bodies_are_forgotten_in_batches(store: Store, build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.retention import purging

    monkeypatch.setattr(purging, "_BODIES", purging._BODIES.limit(2))
    for number in range(5):
        keep(store, build, build.assessed(str(number), alert=False))
    build.clock.advance(days=8)
    assert store.retention.purge(actor="nightly").bodies == {RetentionClass.UNFLAGGED: 5}
    assert list(store.evidence.names()) == []
    assert len(store.custody.notes("purged")) == 3


def test_a_purge_that_was_cut_short_is_finished_by_the_next(store: Store, build: Builder) -> None:
    sha256 = keep(store, build, build.assessed("1", alert=False))
    build.clock.advance(days=8)
    store.evidence.forget(sha256)
    assert store.retention.purge(actor="nightly").bodies == {RetentionClass.UNFLAGGED: 1}
    assert store.retention.preview().bodies == {}


def test_a_body_that_comes_again_is_kept_again(store: Store, build: Builder) -> None:
    page = build.assessed("1", alert=False)
    sha256 = keep(store, build, page)
    build.clock.advance(days=8)
    store.retention.purge(actor="nightly")
    assert keep(store, build, page) == sha256
    build.clock.advance(days=6)
    assert store.retention.purge(actor="nightly").bodies == {}
    build.clock.advance(days=1)
    assert store.retention.purge(actor="nightly").bodies == {RetentionClass.UNFLAGGED: 1}
    assert not store.evidence.has(sha256)


@pytest.mark.parametrize("kind", HoldKind)
def test_a_hold_keeps_what_is_due_until_it_ends(store: Store, build: Builder, kind: HoldKind) -> None:
    sha256 = keep(store, build, build.assessed("1"))
    alert = decide(store, build, Outcome.NOT_A_VIOLATION)
    subject = alert if kind is HoldKind.ALERT else SOURCE
    hold = store.holds.place(
        kind,
        subject,
        authority="a court",
        reason="case 7",
        placed_by="li",
        confirmed_by="an",
        expires_at=build.clock() + 100 * DAY,
    )
    build.clock.advance(days=60)
    assert store.holds.in_force() == (hold,)
    report = store.retention.purge(actor="nightly")
    assert (report.bodies, report.held) == ({}, 1)
    store.holds.lift(hold.number, by="li", reason="case closed")
    assert store.holds.in_force() == ()
    with pytest.raises(UnknownRecordError):
        store.holds.lift(hold.number, by="li", reason="again")
    assert store.retention.purge(actor="nightly").bodies == {RetentionClass.DISMISSED: 1}
    assert not store.evidence.has(sha256)
    assert [note.action for note in (*store.custody.notes("held"), *store.custody.notes("hold_lifted"))] == [
        "held",
        "hold_lifted",
    ]


def test_a_hold_ends_by_itself(store: Store, build: Builder) -> None:
    keep(store, build, build.assessed("1", alert=False))
    store.holds.place(
        HoldKind.SOURCE,
        SOURCE,
        authority="a court",
        reason="case 7",
        placed_by="li",
        confirmed_by="an",
        expires_at=build.clock() + 10 * DAY,
    )
    build.clock.advance(days=9)
    assert store.retention.preview().held == 1
    build.clock.advance(days=1)
    assert store.retention.preview().bodies == {RetentionClass.UNFLAGGED: 1}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"confirmed_by": "li"}, "second person"),
        ({"confirmed_by": " "}, "second person"),
        ({"reason": ""}, "authority and its reason"),
        ({"expires_at": START}, "ends within a year"),
        ({"expires_at": START + 400 * DAY}, "ends within a year"),
    ],
)
def test_a_hold_that_may_not_be_placed(store: Store, wrong: dict[str, object], said: str) -> None:
    right = {
        "authority": "a court",
        "reason": "case 7",
        "placed_by": "li",
        "confirmed_by": "an",
        "expires_at": START + DAY,
    }
    with pytest.raises(HoldError, match=said):
        store.holds.place(HoldKind.SOURCE, SOURCE, **{**right, **wrong})  # type: ignore[arg-type]
    assert store.holds.in_force() == ()
