"""The whole store held to itself: whatever is changed, taken away or slipped in is named."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.custody.chain import Head
from storage.errors import SigningKeyError
from storage.overlay import OverlayKind
from storage.store import Store
from storage.tables import alerts, custody_entries, evidence_objects, listings, overlay_entries, sightings
from tests.storage.conftest import Builder


@pytest.fixture
def filled(store: Store, build: Builder) -> Store:
    for number in range(3):
        body = f"page {number}".encode() * 100
        sha256 = store.evidence.keep(body)
        shown = [build.assessed("1", f"text {number}"), build.assessed(f"other {number}")]
        store.record(build.page(*shown, sha256=sha256, body_bytes=len(body)))
        build.clock.advance(hours=1)
    store.overlay.put(OverlayKind.WORDS, "words", "kind: words", author="li", note="")
    return store


def change(store: Store, statement: sa.Executable) -> None:
    with store.database.writing() as connection:
        connection.execute(statement)


def named(store: Store, anchors: tuple[Head, ...] = ()) -> list[str]:
    return [f"{one.about}: {one.what}" for one in store.verify(anchors).problems]


def test_an_untouched_store_has_no_findings(filled: Store) -> None:
    report = filled.verify([filled.custody.head()])
    assert report.whole, report.problems
    assert (report.bodies, report.forgotten, report.unrecorded) == (3, 0, 0)
    assert report.custody.anchored_to == report.custody.head.seq


def test_a_body_that_was_kept_and_never_recorded_is_no_fault(filled: Store) -> None:
    filled.evidence.keep(b"killed before it was recorded")
    report = filled.verify()
    assert (report.whole, report.unrecorded) == (True, 1)


def body_file(store: Store, name: str) -> Path:
    return next(store.evidence.folder.glob(f"??/{name}.sealed"))


@pytest.mark.parametrize("place", [0, 20, 60, 90, -1])
def test_a_flipped_bit_of_a_body_is_named(filled: Store, place: int) -> None:
    name = next(iter(filled.evidence.names()))
    path = body_file(filled, name)
    content = bytearray(path.read_bytes())
    content[place] ^= 4
    path.chmod(0o600)
    path.write_bytes(content)
    assert [line for line in named(filled) if name in line]


def test_a_body_that_is_gone_is_named(filled: Store) -> None:
    name = next(iter(filled.evidence.names()))
    body_file(filled, name).unlink()
    assert named(filled) == [f"body {name}: is missing, and nothing says that it was forgotten"]
    change(filled, sa.update(evidence_objects).where(evidence_objects.c.sha256 == name).values(forgotten_at=sa.null()))
    change(filled, sa.delete(evidence_objects).where(evidence_objects.c.sha256 == name))
    assert named(filled) == [f"body {name}: is named by a page and stands in no list of bodies"]


def test_a_body_that_was_quietly_forgotten_is_named(filled: Store, build: Builder) -> None:
    name = next(iter(filled.evidence.names()))
    filled.evidence.forget(name)
    row = sa.update(evidence_objects).where(evidence_objects.c.sha256 == name)
    change(filled, row.values(forgotten_at=build.clock()))
    assert named(filled) == [f"body {name}: is said to be forgotten, and no entry of the log says why"]


def test_what_was_purged_is_no_fault_and_what_should_be_gone_is(filled: Store, build: Builder) -> None:
    bodies = {name: filled.evidence.open(name) for name in filled.evidence.names()}
    build.clock.advance(days=400)
    purged = filled.retention.purge(actor="job")
    report = filled.verify()
    assert (sum(purged.bodies.values()), report.forgotten, report.problems) == (3, 3, ())
    name, body = next(iter(bodies.items()))
    filled.evidence.keep(body)
    assert named(filled) == [f"body {name}: is said to be forgotten, and is still there"]


def test_when_something_was_seen_cannot_be_changed(filled: Store, build: Builder) -> None:
    change(filled, sa.update(sightings).where(sightings.c.snapshot_id == 2).values(observed_at=build.clock()))
    assert named(filled) == ["snapshot 2: was seen to show other listings, or at another time, than the log says"]
    change(filled, sa.delete(sightings).where(sightings.c.snapshot_id == 3))
    assert len(named(filled)) == 2


def test_lists_must_say_what_the_log_says(filled: Store) -> None:
    change(filled, sa.update(listings).where(listings.c.id == 1).values(current_finding_id=2))
    assert named(filled) == ["listing 1: does not stand where its versions and findings say"]


def test_the_queue_must_say_what_the_log_says(filled: Store) -> None:
    alert = filled.alerts.list().alerts[0].alert_id
    change(filled, sa.update(alerts).where(alerts.c.alert_id == alert).values(lane="none"))
    assert named(filled) == [f"alert {alert}: does not say what its newest version and finding say"]


def test_what_the_operator_added_is_held_to_its_digest(filled: Store) -> None:
    change(filled, sa.update(overlay_entries).values(content="other"))
    assert named(filled) == ["overlay words words version 1: was changed"]


def test_a_log_that_was_cut_is_found_against_a_head_from_elsewhere(filled: Store) -> None:
    head = filled.custody.sign_head(filled.evidence.signing_key())
    assert head.holds()
    newest = sa.select(sa.func.max(custody_entries.c.seq)).scalar_subquery()
    change(filled, sa.delete(custody_entries).where(custody_entries.c.seq == newest))
    assert any(f"a head of {head.head.seq} was anchored" in line for line in named(filled, (head.head,)))


def test_the_same_page_read_again_by_a_better_parser_is_no_fault(filled: Store, build: Builder) -> None:
    page = build.page(build.assessed("1"), sha256="ab" * 32)
    filled.evidence.keep(b"x")
    filled.record(page)
    more = build.page(build.assessed("1"), build.assessed("found later"), sha256="ab" * 32)
    filled.record(more)
    assert [line for line in named(filled) if "snapshot" in line] == []


def test_the_signing_key_is_sealed_and_stays(open_store_again: Callable[[], Store], tmp_path: Path) -> None:
    key = open_store_again().evidence.signing_key()
    assert open_store_again().evidence.signing_key().private_bytes_raw() == key.private_bytes_raw()
    assert key.private_bytes_raw() not in (tmp_path / "signing.key").read_bytes()
    (tmp_path / "signing.key").write_bytes(b"something else that is none")
    with pytest.raises(SigningKeyError, match="restore"):
        open_store_again().evidence.signing_key()
