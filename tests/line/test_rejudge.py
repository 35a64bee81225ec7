"""Judging again: the same rules conclude the same; other prices, rules and parsers say what they change."""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.policy import Policy, decide, load_policy
from alerts.senders import ChannelSpec, routing_of
from detectors.assess import Detector
from domain.alert import AlertStatus
from domain.listing import Listing, Reach
from domain.reading import Reading, ReadingState
from domain.snapshot import Page, Snapshot
from line import rejudge as module
from line.rejudge import Difference, Rules, Scope, rejudge
from rates.book import RateBook, load_rate_book
from rates.updates import parse_update
from storage.database import Database
from storage.evidence import open_evidence
from storage.records import AlertChange, AssessedListing, PageRecord
from storage.store import Store

SEEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROUTING = routing_of({"terminal": ChannelSpec("terminal", {}, {}, {})})
SOURCE = "market/example"
TEXTS = {
    "max": "Claude Max 20x private account, $50 for 30 days, ready to use, order in DM @seller_example",
    "plus": "ChatGPT Plus private account, $4 for 30 days, login and password handed over, DM @seller_example",
    "talk": "How do I deploy this to a server?",
}
CORRECTED = """
undercut_rates: 1
prices:
  - {product: claude-max-20x, unit: per_period, period_days: 30, amount: "400", from: 2026-11-01,
     source: "https://claude.com/pricing", checked: 2026-11-24}
"""


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Store:
    return Store(database, open_evidence(tmp_path / "evidence", tmp_path / "master.key"))


@pytest.fixture
def rules(detector: Detector, rates: RateBook) -> Rules:
    return Rules(detector, rates, load_policy(), ROUTING)


@pytest.fixture
def corrected(rules: Rules, detector: Detector) -> Rules:
    return Rules(detector, load_rate_book((parse_update("correction", CORRECTED.encode()),)), rules.policy, ROUTING)


def listing(external_id: str, text: str) -> Listing:
    return Listing(
        SOURCE, external_id, "https://x.example.test/", "market", text[:30], text, SEEN, reach=Reach(stock=3)
    )


def fill(store: Store, rules: Rules) -> None:
    assessed = []
    for name, text in TEXTS.items():
        finding = rules.detector.assess(listing(name, text), rules.rates)
        outcome = decide(rules.policy, finding, listing(name, text))
        assessed.append(AssessedListing(listing(name, text), finding, outcome, ("terminal",) if outcome.alert else ()))
    body = "\n".join(TEXTS.values()).encode()
    digest = store.evidence.keep(body)
    url = "https://x.example.test/"
    snapshot = Snapshot(SOURCE, url, url, 200, {}, SEEN, "plain", digest, len(body))
    assert digest == hashlib.sha256(body).hexdigest()
    store.record(PageRecord(snapshot, Reading(ReadingState.FRESH), tuple(assessed)))


def run(store: Store, rules: Rules, *, apply: bool = False, **scope: object) -> tuple[Counter[str], list[Difference]]:
    found: list[Difference] = []
    counts = rejudge(store, rules, Scope(workers=0, **scope), apply=apply, on_difference=found.append)  # type: ignore[arg-type]
    return counts, found


def test_the_same_rules_conclude_the_same(store: Store, rules: Rules) -> None:
    fill(store, rules)
    assert store.alerts.count() == 2
    counts, found = run(store, rules)
    assert (counts["listings"], counts["same"], counts["other"], found) == (3, 3, 0, [])


def test_a_corrected_price_reprices_what_it_touches_and_the_alert_says_so(
    store: Store, rules: Rules, corrected: Rules
) -> None:
    fill(store, rules)
    head = store.custody.head()
    counts, [one] = run(store, corrected)
    assert (one.what, one.why, one.listing.external_id) == ("change", AlertChange.REPRICED, "max")
    assert one.share_before == 2 * (one.share_after or 0)
    assert store.custody.head() == head, "a dry run wrote something"
    counts, _ = run(store, corrected, apply=True)
    assert (counts["change"], counts["written"]) == (1, 1)
    [versions] = [store.alerts.versions(one.alert_id or "")]
    assert [version.change for version in versions] == [AlertChange.OPENED, AlertChange.REPRICED]
    assert versions[-1].alert.finding.lowest_share == one.share_after
    # Half the share is a deeper discount than was told, so people are told again.
    assert [notice.alert_version for notice in store.outbox.of_alert(one.alert_id or "")] == [1, 2]
    assert store.verify().whole
    assert run(store, corrected)[0]["other"] == 0
    # What a place said, and when, is as it was.
    assert (store.histories.state(SOURCE, "max") or pytest.fail("gone")).last_seen_at == SEEN


def test_alerts_disappear_and_appear_with_the_policy(store: Store, rules: Rules) -> None:
    fill(store, rules)
    nothing = Rules(rules.detector, rules.rates, _policy_without_rules(), ROUTING)
    counts, found = run(store, nothing, apply=True)
    assert (counts["disappear"], {one.what for one in found}) == (2, {"disappear"})
    statuses = {alert.status for alert in store.alerts.list().alerts}
    assert statuses == {AlertStatus.CLOSED}
    counts, _ = run(store, rules, apply=True)
    again = store.alerts.list().alerts
    assert {alert.status for alert in again} == {AlertStatus.OPEN}
    assert store.verify().whole


def _policy_without_rules() -> Policy:
    return Policy((), "none", "none")


def test_a_run_that_is_cut_short_goes_on_where_it_was(
    store: Store, rules: Rules, corrected: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, rules)
    monkeypatch.setattr(module, "BATCH", 1)
    asked: list[str] = []

    def until_the_second(stored: object, again: object, with_rules: Rules) -> object:
        asked.append("asked")
        if len(asked) == 2:
            raise KeyboardInterrupt
        return judge(stored, again, with_rules)

    judge: Callable[..., object] = module.judge_again
    monkeypatch.setattr(module, "judge_again", until_the_second)
    with pytest.raises(KeyboardInterrupt):
        run(store, corrected, apply=True)
    monkeypatch.setattr(module, "judge_again", judge)
    counts, _ = run(store, corrected, apply=True)
    assert (counts["listings"], counts["written"]) == (3, 1)
    assert store.verify().whole


def test_pages_are_read_again_where_their_bytes_are_kept(store: Store, rules: Rules) -> None:
    fill(store, rules)
    said = {**TEXTS, "talk": "Claude Max 20x private account, $20 for 30 days, ready, DM @seller_example"}

    def read(family: str, page: Page) -> Reading:
        assert (family, page.body) == ("some_family", "\n".join(TEXTS.values()).encode())
        shown = tuple(listing(name, text) for name, text in said.items() if name != "plus")
        return Reading(ReadingState.FRESH, listings=shown)

    again = {"families": {SOURCE: "some_family"}, "read": read}
    counts, found = run(store, rules, apply=True, **again)
    assert (counts["read_again"], counts["from_stored"], counts["not_found_again"]) == (2, 1, 1)
    assert [(one.what, one.listing.external_id) for one in found] == [("appear", "talk")]
    assert [version.listing.text for version in store.histories.versions(SOURCE, "talk")] == [
        TEXTS["talk"],
        said["talk"],
    ]
    assert store.verify().whole, store.verify().problems
    store.evidence.forget(next(iter(store.evidence.names())))
    counts, _ = run(store, rules, **again)
    assert (counts["read_again"], counts["from_stored"], counts["other"]) == (0, 3, 0)
