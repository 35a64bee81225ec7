from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.alert import AlertStatus
from domain.decision import Decision, Outcome
from domain.reading import Reading, ReadingState
from storage.errors import UnknownRecordError
from storage.retention.erasure import HANGING, HeldError
from storage.retention.holds import HoldKind
from storage.search.query import Search
from storage.store import Store
from storage.tables import metadata, snapshots
from tests.storage.conftest import SOURCE, Builder

PLANTED = "zebrafink8412"


def fill(store: Store, build: Builder) -> str:
    listing = build.listing(PLANTED, f"opus from {PLANTED}", title=PLANTED, url=f"https://x.example.test/{PLANTED}")
    for number in range(2):
        body = f"<p>{PLANTED} {number}</p>" * 5
        sha256 = store.evidence.keep(body.encode())
        both = (build.assessed(listing=listing, share=f"0.{2 - number}"), build.assessed("other"))
        page = build.page(*both, sha256=sha256, url_asked=f"https://x.example.test/{PLANTED}?{number}")
        store.record(page)
        store.search.catch_up()
        build.clock.advance(days=1)
        listing = build.listing(PLANTED, f"opus, cheaper, from {PLANTED}", title=PLANTED)
    store.record(build.page(reading=Reading(ReadingState.GONE, PLANTED, gone_ids=(PLANTED,))))
    store.crawl_memory.keep_validators(SOURCE, f"https://x.example.test/{PLANTED}?1", etag="1", last_modified=None)
    alert = store.search.search(Search(PLANTED)).hits[0].alert_id
    assert alert is not None
    claimed = store.outbox.claim_due(build.clock(), 10, timedelta(minutes=5))
    for one in claimed:
        store.outbox.mark_retry(one.notice.notice_id, build.clock(), f"told of {one.notice.alert.external_id}")
    decision = Decision(alert, 2, Outcome.CONFIRMED, "resale", f"it is {PLANTED}", "li", build.clock())
    store.decisions.add(decision, AlertStatus.CLOSED)
    return alert


def test_nothing_of_an_erased_listing_is_left_and_the_log_is_whole(
    store: Store, build: Builder, tmp_path: Path
) -> None:
    alert = fill(store, build)
    report = store.erasure.erase_listing(SOURCE, PLANTED, actor="li", reason="request 7")
    # 3 pages, 2 versions, 2 findings, 2 alert versions and a decision.
    assert (report.rows, report.bodies) == (10, 3)
    assert store.search.search(Search(PLANTED)).hits == ()
    assert store.histories.of(SOURCE, [PLANTED]) == {}
    assert list(store.evidence.names()) == []
    with pytest.raises(UnknownRecordError):
        store.alerts.get(alert)
    custody = store.custody.verify()
    assert custody.whole, custody.problems
    assert custody.erased == 10
    [note] = store.custody.notes("erased")
    assert (note.actor, note.details) == ("li", {"reason": "request 7"})
    if store.database.is_sqlite:
        for path in tmp_path.glob("undercut.sqlite*"):
            assert PLANTED.encode() not in path.read_bytes(), path


def test_the_others_on_its_pages_stay(store: Store, build: Builder) -> None:
    fill(store, build)
    store.erasure.erase_listing(SOURCE, PLANTED, actor="li", reason="request 7")
    assert [hit.listing.external_id for hit in store.search.search(Search("opus")).hits] == ["other"]
    assert len(store.histories.sightings(SOURCE, "other")) == 2
    assert store.snapshots.get(1).snapshot.url_asked == ""
    assert store.alerts.count() == 1


def test_what_was_erased_is_not_recorded_again(store: Store, build: Builder) -> None:
    fill(store, build)
    store.erasure.erase_listing(SOURCE, PLANTED, actor="li", reason="request 7")
    build.clock.advance(days=1)
    recorded = store.record(build.page(build.assessed(PLANTED), build.assessed("third")))
    assert (recorded.listings, [alert.external_id for alert in recorded.opened]) == (1, ["third"])
    with pytest.raises(UnknownRecordError):
        store.erasure.erase_listing(SOURCE, PLANTED, actor="li", reason="again")


def test_what_is_held_is_not_erased(store: Store, build: Builder) -> None:
    alert = fill(store, build)
    hold = store.holds.place(
        HoldKind.ALERT,
        alert,
        authority="a court",
        reason="case 7",
        placed_by="li",
        confirmed_by="an",
        expires_at=build.clock.now.replace(year=2027),
    )
    with pytest.raises(HeldError, match="hold 1 of a court is on it until"):
        store.erasure.erase_listing(SOURCE, PLANTED, actor="li", reason="request 7")
    assert store.alerts.get(alert)
    store.holds.lift(hold.number, by="li", reason="closed")
    assert store.erasure.erase_listing(SOURCE, PLANTED, actor="li", reason="request 7").rows == 10


def test_an_erasure_without_its_entry_is_found(store: Store, build: Builder) -> None:
    fill(store, build)
    with store.database.writing() as connection:
        connection.execute(sa.update(snapshots).where(snapshots.c.id == 1).values(salt=None, url_asked=""))
    [problem] = store.custody.verify().problems
    assert (problem.about, "no erasure says why" in problem.what) == ("snapshot 1", True)


def test_every_table_that_hangs_on_a_listing_is_erased() -> None:
    order = [table for table, _ in HANGING]
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table in order:
                assert table in order, f"{table.name} hangs on {key.column.table.name}: name it in HANGING"
                assert order.index(table) <= order.index(key.column.table)
