from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from domain.alert import AlertStatus, Severity
from domain.finding import History, Lane
from domain.lead import Lead
from domain.listing import Reach
from domain.reading import Reading, ReadingState
from storage.store import Store
from storage.tables import metadata
from tests.storage.conftest import SOURCE, Builder

COUNTED = [name for name in metadata.tables if name != "source_states"]


def rows(store: Store) -> dict[str, int]:
    with store.database.reading() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])).scalar_one()
            for name in COUNTED
        }


def test_a_page_is_written_whole(store: Store, build: Builder) -> None:
    page = build.page(build.assessed("1"), build.assessed("2", alert=False), build.assessed("3", severity=Severity.LOW))
    recorded = store.record(page)
    assert (recorded.listings, recorded.new_listings, recorded.new_versions, recorded.new_findings) == (3, 3, 3, 3)
    assert [alert.external_id for alert in recorded.opened] == ["1", "3"]
    assert (recorded.changed, recorded.unchanged_alerts, recorded.notices) == ((), 0, 2)
    kept = store.snapshots.get(recorded.snapshot_id)
    assert kept.snapshot == page.snapshot
    assert (kept.state, kept.listings) == (ReadingState.FRESH, 3)
    assert store.alerts.get(recorded.opened[0].alert_id) == recorded.opened[0]
    [version] = store.histories.versions(SOURCE, "2")
    assert (version.listing, version.finding) == (page.assessed[1].listing, page.assessed[1].finding)


def test_the_very_same_page_changes_nothing(store: Store, build: Builder) -> None:
    page = build.page(
        build.assessed("1"),
        build.assessed("2"),
        reading=Reading(ReadingState.FRESH, leads=(Lead("https://new.example.test", "linked", "here"),)),
    )
    store.record(page)
    before, state = rows(store), store.sources.state(SOURCE)
    again = store.record(page)
    assert rows(store) == before
    assert store.sources.state(SOURCE) == state
    assert (again.new_listings, again.new_versions, again.new_findings, again.notices, again.new_leads) == (0,) * 5
    assert again.alerts == ()


def test_the_same_content_later_adds_sightings_only(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1"), build.assessed("2")))
    before = rows(store)
    build.clock.advance(hours=6)
    again = store.record(build.page(build.assessed("1"), build.assessed("2")))
    after = rows(store)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "custody_entries": 1,
        "snapshots": 1,
        "sightings": 2,
    }
    assert (again.alerts, again.unchanged_alerts) == ((), 2)


def test_an_edit_is_a_version_and_is_told_again(store: Store, build: Builder) -> None:
    first = store.record(build.page(build.assessed("1", "opus, half price")))
    build.clock.advance(hours=6)
    second = store.record(build.page(build.assessed("1", "opus, a third of the price")))
    assert (second.new_listings, second.new_versions, second.notices) == (0, 1, 1)
    [changed] = second.changed
    assert (changed.alert_id, changed.version) == (first.opened[0].alert_id, 2)
    assert [version.listing.text for version in store.histories.versions(SOURCE, "1")] == [
        "opus, half price",
        "opus, a third of the price",
    ]
    assert [version.change for version in store.alerts.versions(changed.alert_id)] == ["opened", "edited"]


def test_going_back_and_forth_makes_no_versions_and_no_noise(store: Store, build: Builder) -> None:
    told = []
    for text in ("morning price", "evening price") * 4:
        told += store.record(build.page(build.assessed("1", text))).alerts
        build.clock.advance(hours=12)
    assert [alert.version for alert in told] == [1, 2]
    assert len(store.histories.versions(SOURCE, "1")) == 2
    assert [sighting.version for sighting in store.histories.sightings(SOURCE, "1")] == [1, 2] * 4
    assert store.histories.of(SOURCE, ["1"])["1"].versions == 2


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (["0.20", "0.19"], [1]),
        (["0.20", "0.18"], [1, 2]),
        (["0.20", "0.19", "0.185", "0.18"], [1, 2]),
        (["0.20", "0.50", "0.19", "0.18"], [1, 2]),
        (["0.20", "0.10", "0.20", "0.10"], [1, 2]),
        ([None, "0.10"], [1]),
    ],
)
def test_a_deeper_discount_is_told_once(
    store: Store, build: Builder, shares: list[str | None], told: list[int]
) -> None:
    versions = []
    for share in shares:
        versions += [alert.version for alert in store.record(build.page(build.assessed("1", share=share))).alerts]
        build.clock.advance(days=1)
    assert versions == told


def test_a_graver_severity_is_told(store: Store, build: Builder) -> None:
    versions = []
    for severity in (Severity.LOW, Severity.MEDIUM, Severity.MEDIUM, Severity.LOW):
        recorded = store.record(build.page(build.assessed("1", severity=severity)))
        versions += [(alert.version, alert.severity) for alert in recorded.alerts]
        build.clock.advance(days=1)
    assert versions == [(1, Severity.LOW), (2, Severity.MEDIUM)]


def test_a_closed_alert_opens_again_only_for_something_new(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    store.alerts.set_status(alert.alert_id, AlertStatus.CLOSED)
    build.clock.advance(days=1)
    store.record(build.page(build.assessed("1")))
    assert store.alerts.get(alert.alert_id).status is AlertStatus.CLOSED
    build.clock.advance(days=1)
    [changed] = store.record(build.page(build.assessed("1", "now with team seats"))).changed
    assert changed.status is AlertStatus.OPEN
    assert store.alerts.get(alert.alert_id) == changed


def test_a_claimed_alert_stays_claimed(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    store.alerts.set_status(alert.alert_id, AlertStatus.CLAIMED)
    build.clock.advance(days=1)
    [changed] = store.record(build.page(build.assessed("1", "now with team seats"))).changed
    assert changed.status is AlertStatus.CLAIMED


def test_the_newest_finding_ranks_an_alert_that_is_not_told_again(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1", lane=Lane.GREY))).opened
    build.clock.advance(days=1)
    recorded = store.record(build.page(build.assessed("1", lane=Lane.CREDENTIAL_ABUSE)))
    assert (recorded.alerts, recorded.new_findings) == ((), 1)
    now = store.alerts.get(alert.alert_id)
    assert (now.finding.lane, now.version) == (Lane.CREDENTIAL_ABUSE, 1)
    [told] = store.alerts.versions(alert.alert_id)
    assert told.alert.finding.lane is Lane.GREY


def test_what_no_longer_alerts_keeps_its_alert_and_tells_nobody(store: Store, build: Builder) -> None:
    [alert] = store.record(build.page(build.assessed("1"))).opened
    build.clock.advance(days=1)
    recorded = store.record(build.page(build.assessed("1", "sold out", alert=False, share=None)))
    assert (recorded.alerts, recorded.unchanged_alerts, recorded.notices) == ((), 1, 0)
    assert store.alerts.get(alert.alert_id).status is AlertStatus.OPEN


def test_history_does_not_make_a_new_finding(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1", history=History())))
    build.clock.advance(days=1)
    known = store.histories.of(SOURCE, ["1", "unheard of"])
    assert known == {"1": History(build.clock() - timedelta(days=1), 1, Decimal("0.2"))}
    assert store.record(build.page(build.assessed("1", history=known["1"]))).new_findings == 0
    [version] = store.histories.versions(SOURCE, "1")
    assert version.finding.history == History()


def test_reach_is_kept_with_the_day(store: Store, build: Builder) -> None:
    for stock in (5, None, 2**80):
        listing = build.listing("1", reach=Reach(stock=stock))
        store.record(build.page(build.assessed(listing=listing)))
        build.clock.advance(days=1)
    assert [sighting.reach.stock for sighting in store.histories.sightings(SOURCE, "1")] == [5, None, 2**80]


def test_a_saved_page_from_before_adds_to_the_past_only(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1", "what it says today")))
    build.clock.advance(days=-30)
    earlier = store.record(build.page(build.assessed("1", "what it said a month ago", share="0.01")))
    assert (earlier.new_versions, earlier.alerts) == (1, ())
    state = store.histories.state(SOURCE, "1")
    assert state is not None
    assert state.first_seen_at == build.clock()
    assert state.last_seen_at == build.clock() + timedelta(days=30)
    assert state.lowest_share == Decimal("0.2")
    build.clock.advance(days=31)
    assert store.record(build.page(build.assessed("1", "what it says today"))).new_versions == 0


def test_gone_needs_two_signs_and_a_sighting_takes_them_back(store: Store, build: Builder) -> None:
    def gone_page() -> tuple[str, ...]:
        build.clock.advance(days=1)
        return store.record(build.page(reading=Reading(ReadingState.GONE, gone_ids=("1", "never seen")))).gone

    def is_gone() -> bool:
        state = store.histories.state(SOURCE, "1")
        return state is not None and state.gone_at is not None

    store.record(build.page(build.assessed("1")))
    assert gone_page() == ()
    assert not is_gone()
    build.clock.advance(days=1)
    store.record(build.page(build.assessed("1")))
    assert gone_page() == ()
    assert gone_page() == ("1",)
    assert is_gone()
    assert gone_page() == ()
    build.clock.advance(days=1)
    store.record(build.page(build.assessed("1")))
    assert not is_gone()


def test_one_page_said_twice_is_one_sign(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    build.clock.advance(days=1)
    page = build.page(reading=Reading(ReadingState.GONE, gone_ids=("1", "1")))
    assert store.record(page).gone == ()
    assert store.record(page).gone == ()


@pytest.mark.parametrize("state", [ReadingState.BLOCKED, ReadingState.EMPTY, ReadingState.NOT_UNDERSTOOD])
def test_a_refusal_is_never_a_sign(store: Store, build: Builder, state: ReadingState) -> None:
    store.record(build.page(build.assessed("1")))
    for _ in range(3):
        build.clock.advance(days=1)
        store.record(build.page(reading=Reading(state, "no luck")))
    kept = store.histories.state(SOURCE, "1")
    assert kept is not None
    assert (kept.gone_signs, kept.gone_at) == (0, None)


def test_a_listing_that_stands_twice_on_a_page_is_one(store: Store, build: Builder) -> None:
    recorded = store.record(build.page(build.assessed("1", "first"), build.assessed("1", "second")))
    assert (recorded.listings, recorded.notices) == (1, 1)
    [version] = store.histories.versions(SOURCE, "1")
    assert version.listing.text == "second"


def test_hostile_text_comes_back_as_it_was(store: Store, build: Builder) -> None:
    hostile = "nul \x00, substitute \x1a0000, lone \ud800 and \udfff, paired \U0001f600, \u202e"
    listing = build.listing(
        hostile * 400, hostile, title=hostile, url="https://x.example.test/\x00", platform="\ud800", links=(hostile,)
    )
    page = build.page(
        build.assessed(listing=listing),
        reading=Reading(ReadingState.FRESH, hostile, leads=(Lead(hostile, hostile, hostile),), problems=(hostile,)),
        url_asked=hostile,
        headers={hostile: hostile},
        context={"a": hostile},
    )
    [alert] = store.record(page).opened
    assert store.alerts.get(alert.alert_id) == alert
    assert alert.external_id == hostile * 400
    [version] = store.histories.versions(SOURCE, hostile * 400)
    assert version.listing == listing
    kept = store.snapshots.get(1)
    assert (kept.snapshot, kept.reason, kept.problems) == (page.snapshot, hostile, (hostile,))
    assert store.leads.list()[0].lead == page.reading.leads[0]


def test_a_page_that_cannot_be_written_leaves_nothing(store: Store, build: Builder) -> None:
    before = rows(store)
    broken = build.page(build.assessed("1"), build.assessed("2", rules_version=None))
    with pytest.raises(sa.exc.IntegrityError):
        store.record(broken)
    assert rows(store) == before
    store.record(build.page(build.assessed("1")))


def test_source_state_counts_and_remembers_the_last_success(store: Store, build: Builder) -> None:
    store.record(build.page(build.assessed("1")))
    success = build.clock()
    for state in (ReadingState.BLOCKED, ReadingState.RATE_LIMITED, ReadingState.NOT_UNDERSTOOD):
        build.clock.advance(hours=1)
        store.record(build.page(reading=Reading(state, f"said {state}")))
    kept = store.sources.state(SOURCE)
    assert kept is not None
    assert (kept.pages, kept.refused_pages, kept.misread_pages, kept.listings_seen) == (4, 2, 1, 1)
    assert (kept.last_state, kept.last_reason) == (ReadingState.NOT_UNDERSTOOD, "said not_understood")
    assert (kept.last_success_at, kept.last_page_at) == (success, build.clock())
    assert store.sources.states() == {SOURCE: kept}
    assert store.sources.state("never/read") is None
