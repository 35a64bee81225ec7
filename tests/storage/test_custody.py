import random
from dataclasses import replace

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.alert import AlertStatus
from domain.decision import Decision, Outcome
from storage.custody.chain import Head
from storage.custody.verification import verify_custody
from storage.store import Store
from storage.tables import (
    alert_versions,
    custody_entries,
    custody_heads,
    decisions,
    findings,
    listing_versions,
    metadata,
    snapshots,
)
from storage.types import ExactDecimal, HostileText
from tests.storage.conftest import Builder


def fill(store: Store, build: Builder, pages: int = 4) -> None:
    for number in range(pages):
        store.record(
            build.page(build.assessed("1", f"text {number}"), build.assessed(f"{number} \ud800\x00", share=None))
        )
        build.clock.advance(hours=1, microseconds=1)
    alert = store.alerts.list().alerts[0]
    decision = Decision(alert.alert_id, 1, Outcome.CONFIRMED, "resale", "clear", "li", build.clock())
    store.decisions.add(decision, AlertStatus.CLOSED)
    store.custody.note("viewed_raw", "snapshot 1", actor="li", details={"reason": "report \x00 prepared"})


def change(store: Store, statement: sa.Executable) -> None:
    with store.database.writing() as connection:
        connection.execute(statement)


def test_everything_that_is_recorded_is_committed_to(store: Store, build: Builder) -> None:
    fill(store, build)
    report = store.custody.verify()
    assert report.whole, report.problems
    # 4 snapshots and what was seen on each, 8 versions, 8 findings, 8 alert versions, a decision and a note.
    assert (report.entries, report.objects, report.anchored_to) == (6, 34, 0)
    assert report.head == store.custody.head()
    [note] = store.custody.notes("viewed_raw")
    assert (note.actor, note.subject, note.details) == ("li", "snapshot 1", {"reason": "report \x00 prepared"})


def test_a_page_that_was_recorded_before_adds_no_entry(store: Store, build: Builder) -> None:
    page = build.page(build.assessed("1"))
    store.record(page)
    head = store.custody.head()
    store.record(page)
    assert store.custody.head() == head


def test_an_empty_log_is_whole(store: Store) -> None:
    assert store.custody.head() == Head()
    assert store.custody.verify().whole


@pytest.mark.parametrize(
    ("tamper", "about"),
    [
        (sa.update(findings).where(findings.c.id == 3).values(probability=0.1), "finding 3"),
        (sa.update(findings).where(findings.c.id == 3).values(finding_json=findings.c.finding_json + " "), "finding 3"),
        (sa.update(snapshots).where(snapshots.c.id == 2).values(status=404), "snapshot 2"),
        (sa.update(listing_versions).where(listing_versions.c.id == 1).values(listing_json="{}"), "version 1"),
        (sa.update(alert_versions).where(alert_versions.c.version == 3).values(change="graver"), "alert "),
        (sa.update(decisions).values(outcome="not_a_violation"), "decision 1"),
        (sa.delete(decisions), "decision 1"),
        (sa.update(findings).where(findings.c.id == 3).values(salt=None), "finding 3"),
        (sa.update(custody_entries).where(custody_entries.c.seq == 2).values(actor="nobody"), ""),
        (sa.update(custody_entries).where(custody_entries.c.seq == 2).values(manifest="[]"), ""),
        (sa.delete(custody_entries).where(custody_entries.c.seq == 2), ""),
        (sa.delete(custody_entries).where(custody_entries.c.seq == 1), ""),
        (sa.update(custody_entries).where(custody_entries.c.seq == 6).values(seq=60), ""),
    ],
)
def test_a_change_is_found_and_named(store: Store, build: Builder, tamper: sa.Executable, about: str) -> None:
    fill(store, build)
    change(store, tamper)
    problems = store.custody.verify().problems
    assert any(problem.about.startswith(about) and bool(problem.about) == bool(about) for problem in problems), problems


def test_a_row_that_was_slipped_in_is_found(store: Store, build: Builder) -> None:
    fill(store, build)
    with store.database.writing() as connection:
        row = connection.execute(sa.select(findings).where(findings.c.id == 1)).one()._asdict()
        connection.execute(sa.insert(findings), {**row, "id": 1000, "probability": 0.0})
    assert [(problem.about, "past the log" in problem.what) for problem in store.custody.verify().problems] == [
        ("finding", True)
    ]


def test_a_cut_tail_is_found_only_against_a_head_from_outside(store: Store, build: Builder) -> None:
    fill(store, build)
    kept = store.custody.head()
    with store.database.writing() as connection:
        connection.execute(sa.delete(decisions))
        connection.execute(sa.delete(metadata.tables["custody_notes"]))
        connection.execute(sa.delete(custody_entries).where(custody_entries.c.seq > 4))
    alone = store.custody.verify()
    assert (alone.whole, alone.anchored_to) == (True, 0)
    held = store.custody.verify([kept])
    assert ["is missing" in problem.what for problem in held.problems] == [True]


def test_a_log_that_was_written_anew_does_not_fit_its_anchors(store: Store, build: Builder) -> None:
    fill(store, build)
    kept = store.custody.head()
    [problem] = store.custody.verify([replace(kept, digest="ab" * 32)]).problems
    assert (problem.seq, "written anew" in problem.what) == (kept.seq, True)
    assert store.custody.verify([kept]).anchored_to == kept.seq


def test_a_signed_head_anchors_and_cannot_be_forged(store: Store, build: Builder) -> None:
    fill(store, build)
    signed = store.custody.sign_head(Ed25519PrivateKey.generate())
    assert signed.holds()
    assert store.custody.signed_heads() == (signed,)
    assert store.custody.verify().anchored_to == signed.head.seq
    assert not replace(signed, head=Head(signed.head.seq, "ab" * 32)).holds()
    assert not replace(signed, signed_at=build.clock.advance(days=1)).holds()
    change(store, sa.update(custody_heads).values(digest="ab" * 32))
    assert {problem.about for problem in store.custody.verify().problems} == {"", "head"}


def is_free_text(column: sa.Column[object]) -> bool:
    # A key of another table cannot be changed without the database's own complaint.
    return isinstance(column.type, sa.Text | HostileText | ExactDecimal) and column.name != "alert_id"


@pytest.mark.slow
def test_random_tampering_is_always_found(store: Store, build: Builder) -> None:
    fill(store, build, pages=6)
    chance = random.Random(20_261_124)
    tables = [snapshots, listing_versions, findings, alert_versions, decisions, custody_entries]
    for _ in range(60):
        table = chance.choice(tables)
        with store.database.engine.connect() as connection, connection.begin() as transaction:
            row = chance.choice(connection.execute(sa.select(table)).all())
            where = sa.and_(*(column == getattr(row, column.name) for column in table.primary_key))
            column = chance.choice([one for one in table.columns if is_free_text(one)])
            value = f"{getattr(row, column.name) or 1}" + "0"
            stored = sa.type_coerce(value, sa.Text)
            connection.execute(sa.update(table).where(where).values({column.name: stored}))
            report = verify_custody(connection)
            assert not report.whole, (table.name, column.name)
            transaction.rollback()
    assert store.custody.verify().whole
