"""Every way to decide, take back, hold, pass on and leave an alert, through the pages."""

import orjson
import pytest

from domain.alert import AlertStatus, Severity
from domain.decision import Outcome
from domain.finding import Verdict
from line.access import Role
from line.decide import ConflictError, DecisionError, decide, review_of, undo
from line.decide import Verdict as Chosen
from line.labelled import read_corpus
from line.review import Stage
from line.review_reasons import CHOICES
from storage.queue_filter import QueueFilter
from storage.reviews import Need
from tests.console.conftest import START, Browser, House

NOTE = "Sold on a ready account; the page says so."


def verdict(browser: Browser, alert: str, outcome: str = "confirmed", **form: object):
    review = review_of(browser.house.memory, alert)
    sent = {"outcome": outcome, "version": review.alert.version, "seen": review.last_event, "note": NOTE, **form}
    return browser.post(f"/alerts/{alert}/decide", **sent)


def status(house: House, alert: str) -> AlertStatus:
    return house.memory.store.alerts.get(alert).status


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.outcome.value)
def test_every_outcome_and_reason_is_written_down(house: House, analyst: Browser, choice) -> None:
    for number, reason in enumerate(choice.reasons):
        alert = house.alert(number)
        answer = verdict(analyst, alert, choice.outcome.value, **{f"reason_{choice.outcome.value}": reason.code})
        assert answer.status_code == 303
        [kept] = house.memory.store.decisions.of(alert)
        assert (kept.decision.outcome, kept.decision.reason_code) == (choice.outcome, reason.code)
        assert (kept.decision.analyst, kept.decision.note) == ("Ana", NOTE)
        closes = choice.outcome not in {Outcome.NEEDS_MORE, Outcome.ESCALATED}
        assert status(house, alert) is (AlertStatus.CLOSED if closes else AlertStatus.OPEN)


def test_a_decision_goes_on_to_the_next_alert_and_says_what_was_done(house: House, analyst: Browser) -> None:
    first, second = house.alert(1), house.alert(2)
    ids = house.memory.queue.ids(QueueFilter())
    assert set(ids) == {first, second}
    answer = verdict(analyst, ids[0])
    assert answer.headers["location"] == f"/alerts/{ids[1]}?done={ids[0]}"
    page = analyst.get(answer.headers["location"])
    assert "confirmed, resold access" in page.text
    assert f"/alerts/{ids[0]}/undo" in page.text
    last = verdict(analyst, ids[1]).headers["location"]
    assert last == f"/?done={ids[1]}"
    assert f"/alerts/{ids[1]}/undo" in analyst.get(last).text


def test_a_grave_alert_needs_a_note_and_a_second_person_who_does_not_see_the_first(
    house: House, analyst: Browser, second: Browser, lead: Browser
) -> None:
    alert = house.alert(severity=Severity.CRITICAL)
    refused = verdict(analyst, alert, note=" ")
    assert refused.status_code == 400
    assert "needs a note" in refused.text
    assert verdict(analyst, alert, note="The first reviewer's secret words").status_code == 303
    assert status(house, alert) is AlertStatus.OPEN
    assert review_of(house.memory, alert).standing.stage is Stage.AWAITS_SECOND
    assert house.memory.reviews.work(alert).needs is Need.SECOND
    blind = second.get(f"/alerts/{alert}").text
    assert "stays hidden until you give yours" in blind
    assert "secret words" not in blind
    assert "decided: confirmed" not in blind
    assert "Ana" not in blind.replace("<option>Ana</option>", "")
    assert "secret words" in analyst.get(f"/alerts/{alert}").text
    assert "second one must come from another person" in verdict(analyst, alert).text
    assert verdict(second, alert).status_code == 303
    assert status(house, alert) is AlertStatus.CLOSED
    assert "secret words" in second.get(f"/alerts/{alert}").text


def test_two_who_differ_need_a_lead(house: House, analyst: Browser, second: Browser, lead: Browser) -> None:
    alert = house.alert(severity=Severity.CRITICAL)
    verdict(analyst, alert)
    verdict(second, alert, "not_a_violation")
    assert review_of(house.memory, alert).standing.stage is Stage.DISAGREED
    assert status(house, alert) is AlertStatus.OPEN
    assert "a lead decides" in verdict(analyst, alert).text
    assert alert in lead.get("/?needs=lead").text
    assert verdict(lead, alert, "not_a_violation").status_code == 303
    assert review_of(house.memory, alert).standing.outcome is Outcome.NOT_A_VIOLATION
    assert status(house, alert) is AlertStatus.CLOSED


def test_a_second_review_can_be_asked_for(house: House, analyst: Browser, second: Browser) -> None:
    alert = house.alert()
    verdict(analyst, alert, ask_second="1")
    assert review_of(house.memory, alert).standing.blind_to("Ben")
    assert "waits for a second verdict" in analyst.get(f"/alerts/{alert}").text.lower()
    verdict(second, alert)
    assert status(house, alert) is AlertStatus.CLOSED


def test_undo_for_ten_minutes_and_reversal_with_reason_after(house: House, analyst: Browser, lead: Browser) -> None:
    alert = house.alert()
    verdict(analyst, alert)
    house.clock.advance(minutes=9)
    assert analyst.post(f"/alerts/{alert}/undo").status_code == 303
    assert status(house, alert) is AlertStatus.OPEN
    verdict(analyst, alert)
    house.clock.advance(minutes=11)
    assert analyst.post(f"/alerts/{alert}/undo").status_code == 400
    assert analyst.post(f"/alerts/{alert}/reverse", reason="").status_code == 400
    assert analyst.post(f"/alerts/{alert}/reverse", reason="Misread the price").status_code == 303
    assert status(house, alert) is AlertStatus.OPEN
    assert len(house.memory.store.decisions.of(alert)) == 2
    assert "Misread the price" in analyst.get(f"/alerts/{alert}").text


def test_only_a_lead_reverses_what_others_decided(
    house: House, analyst: Browser, second: Browser, lead: Browser
) -> None:
    alert = house.alert()
    verdict(analyst, alert)
    assert "decided" in verdict(second, alert).text
    assert second.post(f"/alerts/{alert}/reverse", reason="I differ").status_code == 400
    assert second.post(f"/alerts/{alert}/undo").status_code == 400
    assert lead.post(f"/alerts/{alert}/reverse", reason="The partner desk answered").status_code == 303
    assert status(house, alert) is AlertStatus.OPEN


def test_what_changed_meanwhile_is_looked_at_before_it_is_decided(
    house: House, analyst: Browser, second: Browser
) -> None:
    alert = house.alert()
    second.post(f"/alerts/{alert}/note", note="Look at the second page")
    answer = analyst.post(f"/alerts/{alert}/decide", outcome="confirmed", version=1, seen=0)
    assert answer.status_code == 409
    assert "Look at the second page" in answer.text
    house.clock.advance(hours=1)
    house.alert(text="Claude Max 20x ready account, $25 a month, warranty 30 days, contact @seller_example")
    answer = analyst.post(f"/alerts/{alert}/decide", outcome="confirmed", version=1, seen=1)
    assert answer.status_code == 409
    assert "says something new: version 2" in answer.text
    page = analyst.get(f"/alerts/{alert}").text
    assert "<del>$40</del><ins>$25</ins>" in page
    assert 'class="dot"' in page


def test_a_new_version_is_open_again(house: House, analyst: Browser) -> None:
    alert = house.alert()
    verdict(analyst, alert)
    house.clock.advance(hours=1)
    house.alert(text="Claude Max 20x ready account, $20 a month, warranty 30 days, contact @seller_example")
    assert status(house, alert) is AlertStatus.OPEN
    assert review_of(house.memory, alert).standing.stage is Stage.UNDECIDED
    assert verdict(analyst, alert).status_code == 303


def test_claim_release_take_over_and_hand_over(house: House, analyst: Browser, second: Browser) -> None:
    alert = house.alert()
    assert analyst.post(f"/alerts/{alert}/claim").status_code == 303
    assert status(house, alert) is AlertStatus.CLAIMED
    assert "Ana holds this alert" in second.get(f"/alerts/{alert}").text
    assert verdict(second, alert).status_code == 409
    assert second.post(f"/alerts/{alert}/claim").status_code == 400
    assert second.post(f"/alerts/{alert}/claim", reason="Ana is away").status_code == 303
    assert analyst.post(f"/alerts/{alert}/release").status_code == 400
    assert second.post(f"/alerts/{alert}/hand-over", to="Nobody").status_code == 400
    assert second.post(f"/alerts/{alert}/hand-over", to="Ana", note="yours").status_code == 303
    assert house.memory.reviews.work(alert).holder == "Ana"
    assert alert in analyst.get("/?mine=1").text
    assert analyst.post(f"/alerts/{alert}/release").status_code == 303
    assert status(house, alert) is AlertStatus.OPEN


def test_a_claim_wears_off(house: House, analyst: Browser, second: Browser) -> None:
    alert = house.alert()
    analyst.post(f"/alerts/{alert}/claim")
    house.clock.advance(minutes=31)
    assert verdict(second, alert).status_code == 303


def test_sleep_and_waking(house: House, analyst: Browser) -> None:
    alert = house.alert()
    assert analyst.post(f"/alerts/{alert}/snooze", until="nonsense").status_code == 400
    assert analyst.post(f"/alerts/{alert}/snooze", until="9999h").status_code == 400
    assert analyst.post(f"/alerts/{alert}/snooze", until="4h").status_code == 303
    assert status(house, alert) is AlertStatus.SNOOZED
    assert alert not in analyst.get("/").text
    house.clock.advance(hours=1)
    analyst.get("/")
    house.clock.advance(minutes=55)
    analyst.get("/")
    house.clock.advance(minutes=55)
    analyst.get("/")
    house.clock.advance(minutes=55)
    analyst.get("/")
    house.clock.advance(minutes=30)
    assert alert in analyst.get("/").text


def test_skips_are_told_with_their_reason(house: House, analyst: Browser) -> None:
    alert = house.alert()
    assert analyst.post(f"/alerts/{alert}/skip", reason="because").status_code == 400
    assert analyst.post(f"/alerts/{alert}/skip", reason="distressing").status_code == 303
    assert "skipped the alert" in analyst.get(f"/alerts/{alert}").text
    assert status(house, alert) is AlertStatus.OPEN


def test_the_policy_clause_is_chosen_beside_the_verdict(house: House, analyst: Browser) -> None:
    alert = house.alert()
    page = analyst.get(f"/alerts/{alert}").text
    assert page.count('<option value="') > 10
    verdict(analyst, alert, clause="Consumer Terms, section 3 (as of 2026-01-01)")
    [event] = house.memory.reviews.events(alert)
    assert event.clause == "Consumer Terms, section 3 (as of 2026-01-01)"


def test_bulk_shows_its_list_leaves_out_what_may_not_and_is_undone_whole(
    house: House, analyst: Browser, second: Browser
) -> None:
    plain, held = [house.alert(n) for n in range(3)], house.alert(9)
    grave = house.alert(8, severity=Severity.CRITICAL)
    second.post(f"/alerts/{held}/claim")
    chosen = [*plain, held, grave]
    form = {"alert": chosen, "choice": "not_a_violation:not_an_offer", "note": ""}
    page = analyst.post("/bulk/preview", **form)
    assert page.status_code == 200
    assert "3 of 5 alerts would be decided" in page.text
    assert page.text.count("left out") == 2
    assert all(not house.memory.store.decisions.of(alert) for alert in chosen)
    answer = analyst.post("/bulk/apply", alert=chosen, outcome="not_a_violation", reason="not_an_offer", note="")
    told = analyst.get(answer.headers["location"])
    assert "3 alerts decided" in told.text
    assert all(status(house, alert) is AlertStatus.CLOSED for alert in plain)
    assert status(house, grave) is AlertStatus.OPEN
    batch = answer.headers["location"].partition("batch=")[2].partition("&")[0]
    assert analyst.post(f"/bulk/{batch}/undo").headers["location"] == "/?undone=3"
    assert all(status(house, alert) is AlertStatus.OPEN for alert in plain)


def test_a_bulk_with_a_note_sends_grave_ones_to_a_second_person(house: House, analyst: Browser) -> None:
    grave = house.alert(severity=Severity.CRITICAL)
    form = {"alert": grave, "choice": "confirmed:pooled_relay", "note": NOTE}
    assert "stays open until a second person agrees" in analyst.post("/bulk/preview", **form).text
    assert analyst.post("/bulk/preview", alert=[], choice="confirmed:pooled_relay").status_code == 400
    assert analyst.post("/bulk/preview", alert=grave, choice="nonsense").status_code == 400


def test_verdicts_leave_as_a_corpus_without_the_platforms_that_forbid_it(house: House, analyst: Browser) -> None:
    kept, telegram, waiting = house.alert(1), house.alert(2, platform="telegram"), house.alert(3)
    verdict(analyst, kept)
    verdict(analyst, telegram)
    verdict(analyst, waiting, "needs_more")
    harmless = house.alert(4)
    verdict(analyst, harmless, "not_a_violation")
    answer = analyst.get("/verdicts.jsonl")
    rows = {row["id"]: row for row in map(orjson.loads, answer.content.splitlines())}
    assert set(rows) == {kept, harmless}
    assert answer.headers["x-undercut-left-out-by-platform"] == "1"
    assert answer.headers["x-undercut-left-out-unsettled"] == "1"
    corpus = read_corpus(answer.content, START.date())
    labels = {text.listing.external_id: text.label for text in corpus.texts}
    assert labels == {kept: Verdict.RESALE, harmless: Verdict.NOT_RESALE}


def test_verdicts_leave_without_any_place_whose_terms_limit_programs(house: House, analyst: Browser) -> None:
    from dataclasses import replace

    from crawlers.registry import sources

    house.services = replace(house.services, sources=sources())
    analyst = house.person(Role.ANALYST, name="Cleo")
    limited = [source for source in sources().values() if source.terms_limit_programs]
    assert {source.family.partition("_")[0] for source in limited} >= {"telegram", "reddit", "ebay", "g2g", "taobao"}
    for number, source in enumerate(limited):
        verdict(analyst, house.alert(number, source=source.name, platform="place"))
        verdict(analyst, house.alert(1000 + number, source="saved/pages", platform=source.family.partition("_")[0]))
    answer = analyst.get("/verdicts.jsonl")
    assert answer.content == b""
    assert answer.headers["x-undercut-left-out-by-platform"] == str(2 * len(limited))


def test_a_finding_is_never_touched_by_a_verdict(house: House, analyst: Browser) -> None:
    alert = house.alert()
    before = house.memory.store.alerts.get(alert).finding
    verdict(analyst, alert, "not_a_violation")
    assert house.memory.store.alerts.get(alert).finding == before


def test_the_use_case_refuses_what_the_pages_never_send(house: House) -> None:
    alert = house.alert()
    memory, now = house.memory, house.clock()
    with pytest.raises(DecisionError, match="choose a reason"):
        decide(memory, alert, Chosen(Outcome.CONFIRMED, "no_such_reason"), "Ana", now)
    with pytest.raises(DecisionError, match="longer than"):
        decide(memory, alert, Chosen(Outcome.CONFIRMED, "resold_access", "x" * 5000), "Ana", now)
    with pytest.raises(ConflictError):
        decide(memory, alert, Chosen(Outcome.CONFIRMED, "resold_access", alert_version=7), "Ana", now)
    with pytest.raises(DecisionError):
        undo(memory, alert, "Ana", now)


def test_a_new_version_waits_for_its_first_verdict_and_not_for_the_second_of_the_last(
    house: House, analyst: Browser
) -> None:
    alert = house.alert(1, severity=Severity.CRITICAL)
    verdict(analyst, alert)
    assert house.memory.queue.health()[2] == 1
    assert house.memory.queue.count(QueueFilter(needs=Need.SECOND)) == 1
    house.clock.advance(hours=1)
    house.alert(
        1, severity=Severity.CRITICAL, text="Claude Max 20x ready account, $25 a month, contact @seller_example"
    )
    assert house.memory.queue.health()[2] == 0
    assert house.memory.queue.count(QueueFilter(needs=Need.SECOND)) == 0
    [row] = house.memory.queue.rows(QueueFilter())
    assert row.needs is Need.NOTHING
    assert "A first verdict was given" not in analyst.get(f"/alerts/{alert}").text


def test_two_who_decide_at_the_same_moment_leave_nobody_waiting(house: House) -> None:
    from concurrent.futures import ThreadPoolExecutor
    from threading import Barrier

    alerts = [house.alert(number, severity=Severity.CRITICAL) for number in range(6)]
    for alert in alerts:
        together = Barrier(2)

        def give(person: str, alert: str = alert, together: Barrier = together) -> None:
            together.wait()
            decide(house.memory, alert, Chosen(Outcome.CONFIRMED, "resold_access", NOTE), person, START)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(give, ("Ana", "Ben")))
        assert review_of(house.memory, alert).standing.stage is Stage.SETTLED
        assert status(house, alert) is AlertStatus.CLOSED
    assert house.memory.queue.health()[2] == 0
