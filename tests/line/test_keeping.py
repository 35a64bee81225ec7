"""Erasure of a person on request, holds, and the record of processing."""

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from line.keeping import NoSellerError, erase_person, place_hold, record_of_processing, sign_newest_head
from storage.database import Database
from storage.evidence import open_evidence
from storage.retention.holds import HoldKind
from storage.store import Store
from tests.storage.conftest import SOURCE, Builder

PERSON = "planted_person_例"


@pytest.fixture
def build() -> Builder:
    return Builder()


@pytest.fixture
def store(database: Database, build: Builder, tmp_path: Path) -> Store:
    store = Store(database, open_evidence(tmp_path / "evidence", tmp_path / "master.key"), build.clock)
    for number, text in enumerate((f"ask @{PERSON} for it", f"sold by {PERSON.upper()}", "by somebody else")):
        body = text.encode()
        sha256 = store.evidence.keep(body)
        store.record(build.page(build.assessed(str(number), text), sha256=sha256, body_bytes=len(body)))
        build.clock.advance(hours=1)
    return store


def test_everything_that_names_a_person_goes(store: Store) -> None:
    erased = erase_person(store, f"@{PERSON}", actor="li", reason="request 7")
    assert (erased.listings, erased.bodies, erased.held) == (2, 2, ())
    assert store.verify().whole, store.verify().problems
    assert list(store.histories.of(SOURCE, ["0", "1", "2"])) == ["2"]
    with pytest.raises(NoSellerError):
        erase_person(store, PERSON, actor="li", reason="request 7")


def test_what_is_held_stays_and_is_named(store: Store) -> None:
    alert = store.alerts.list().alerts[0].alert_id
    hold = place_hold(
        store, alert, authority="a court", reason="case 1", placed_by="li", confirmed_by="an",
        expires_at=datetime(2026, 12, 1, tzinfo=UTC),
    )  # fmt: skip
    assert hold.kind is HoldKind.ALERT
    held = erase_person(store, PERSON, actor="li", reason="request 7").held
    assert len(held) == (1 if store.alerts.get(alert).external_id != "2" else 0)


def test_the_record_of_processing_says_what_an_officer_asks(store: Store, build: Builder) -> None:
    erase_person(store, PERSON, actor="li", reason="request 7")
    record = orjson.loads(orjson.dumps(record_of_processing(store, {}, contact=None, made_at=build.clock())))
    assert [one["reason"] for one in record["erasures"]] == ["request 7", "request 7"]
    assert {one["class"]: one["days_bodies_are_kept"] for one in record["retention"]} == {
        "unflagged": 7, "dismissed": 30, "unreviewed": 90, "confirmed": 730,
    }  # fmt: skip


def test_a_head_is_signed_with_the_installation_s_key(store: Store) -> None:
    signed = sign_newest_head(store)
    assert signed.holds()
    assert signed.head == store.custody.head()
    assert store.custody.signed_heads()[-1] == signed
