"""Every way to decide, in a real Chromium, by two people and a lead: by keys where there are keys, else by mouse."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from domain.alert import AlertStatus, Severity
from domain.decision import Outcome
from line.access import Role
from line.decide import review_of
from line.review import Stage
from storage.queue_filter import QueueFilter
from tests.console.conftest import House
from tests.console.served import Served, watch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def open_alert(served: Served, chromium: Chromium, alert: str, name: str, *roles: Role) -> tuple[Page, list[str]]:
    """An alert in somebody's own browser, and what that browser complains of."""
    context = served.enter(chromium, *(roles or (Role.ANALYST,)), name=name)
    page = context.new_page()
    complaints: list[str] = []
    watch(page, complaints)
    page.goto(f"{served.address}/alerts/{alert}")
    return page, complaints


def standing(house: House, alert: str):
    return review_of(house.memory, alert).standing


def status(house: House, alert: str) -> AlertStatus:
    return house.memory.store.alerts.get(alert).status


def test_claim_take_over_hand_over_and_release(served: Served, chromium: Chromium) -> None:
    house = served.house
    alert = house.alert()
    ana, said = open_alert(served, chromium, alert, "Ana")
    ana.keyboard.press("9")
    ana.wait_for_selector("button:has-text('Release')")
    assert house.memory.reviews.work(alert).holder == "Ana"
    assert status(house, alert) is AlertStatus.CLAIMED
    ben, said_to_ben = open_alert(served, chromium, alert, "Ben")
    ben.wait_for_selector("text=Ana holds this alert")
    ben.click("summary:has-text('Take over')")
    ben.fill("#claim-reason", "Ana is away today")
    ben.click(".pop[open] button")
    ben.wait_for_selector("button:has-text('Release')")
    assert house.memory.reviews.work(alert).holder == "Ben"
    ben.click("summary:has-text('Hand over')")
    ben.select_option("#hand-to", "Ana")
    ben.fill("#hand-note", "reads Chinese")
    ben.click(".pop[open] button")
    ben.wait_for_selector("text=Ana holds this alert")
    assert house.memory.reviews.work(alert).holder == "Ana"
    ana.reload()
    ana.keyboard.press("9")
    ana.wait_for_selector("button:has-text('Claim')")
    assert status(house, alert) is AlertStatus.OPEN
    assert (said, said_to_ben) == ([], [])


def test_dismiss_with_a_reason_and_undo(served: Served, chromium: Chromium) -> None:
    house = served.house
    for number in range(2):
        house.alert(number)
    alerts = house.memory.queue.ids(QueueFilter())
    page, said = open_alert(served, chromium, alerts[0], "Ana")
    page.keyboard.press("2")
    page.select_option("#r-not_a_violation", "own_product")
    page.focus("#submit-decision")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    [kept] = house.memory.store.decisions.of(alerts[0])
    assert (kept.decision.outcome, kept.decision.reason_code) == (Outcome.NOT_A_VIOLATION, "own_product")
    assert status(house, alerts[0]) is AlertStatus.CLOSED
    assert page.url.split("?")[0].endswith(f"/alerts/{alerts[1]}")
    page.keyboard.press("u")
    page.wait_for_url(f"**/alerts/{alerts[0]}**")
    assert standing(house, alerts[0]).stage is Stage.UNDECIDED
    assert status(house, alerts[0]) is AlertStatus.OPEN
    assert said == []


def test_a_second_reviewer_is_blind_until_their_own_verdict_and_a_lead_settles(
    served: Served, chromium: Chromium
) -> None:
    house = served.house
    alert = house.alert(severity=Severity.CRITICAL)
    ana, said = open_alert(served, chromium, alert, "Ana")
    ana.keyboard.press("1")
    assert ana.evaluate("document.activeElement.id") == "note"
    ana.keyboard.type("secret-of-the-first")
    ana.keyboard.press("Control+Enter")
    ana.wait_for_selector(".toast")
    assert standing(house, alert).stage is Stage.AWAITS_SECOND
    ben, said_to_ben = open_alert(served, chromium, alert, "Ben")
    text = ben.content()
    assert "It stays hidden until you give yours" in text
    assert "secret-of-the-first" not in text
    assert "confirmed" not in ben.inner_text(".timeline").lower()
    ben.keyboard.press("2")
    ben.keyboard.type("Reads like a question to me")
    ben.keyboard.press("Control+Enter")
    ben.wait_for_url(lambda url: "done=" in url)
    assert standing(house, alert).stage is Stage.DISAGREED
    lead, said_to_lead = open_alert(served, chromium, alert, "Lea", Role.LEAD)
    lead.wait_for_selector("text=Two verdicts differ")
    assert "secret-of-the-first" in lead.content()
    lead.keyboard.press("1")
    lead.keyboard.type("The price list says it")
    lead.keyboard.press("Control+Enter")
    lead.wait_for_url(lambda url: "done=" in url)
    assert (standing(house, alert).stage, standing(house, alert).outcome) == (Stage.SETTLED, Outcome.CONFIRMED)
    assert status(house, alert) is AlertStatus.CLOSED
    assert (said, said_to_ben, said_to_lead) == ([], [], [])


def test_what_can_no_longer_be_undone_is_reversed_with_a_reason(served: Served, chromium: Chromium) -> None:
    house = served.house
    alert = house.alert()
    page, said = open_alert(served, chromium, alert, "Ana")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    house.clock.advance(minutes=11)
    page.goto(f"{served.address}/alerts/{alert}")
    assert page.locator("button:has-text('Undo')").count() == 0
    page.click("summary:has-text('Reverse')")
    page.fill("#reverse-reason", "The provider says that this seller is a partner")
    page.click(".pop[open] button")
    page.wait_for_selector("#decide")
    assert standing(house, alert).stage is Stage.UNDECIDED
    assert status(house, alert) is AlertStatus.OPEN
    assert "The provider says" in page.inner_text(".timeline")
    assert said == []


def test_bulk_shows_its_list_first_and_is_undone_whole(served: Served, chromium: Chromium) -> None:
    house = served.house
    alerts = [house.alert(number) for number in range(4)]
    page = served.enter(chromium, Role.ANALYST, name="Ana").new_page()
    said: list[str] = []
    watch(page, said)
    page.goto(served.address)
    for _ in range(3):
        page.keyboard.press("j")
        page.keyboard.press("x")
    assert page.inner_text("#picked") == "(3)"
    page.select_option("#bulk-choice", "not_a_violation:not_an_offer")
    page.click("text=Show what would be done")
    page.wait_for_selector(".preview")
    assert page.locator(".preview li").count() == 3
    assert all(status(house, alert) is AlertStatus.OPEN for alert in alerts)
    page.uncheck(".preview input >> nth=0")
    page.click("button.main")
    page.wait_for_selector("text=2 alerts decided")
    assert sum(status(house, alert) is AlertStatus.CLOSED for alert in alerts) == 2
    page.click("text=Undo all")
    page.wait_for_selector("text=2 verdicts undone")
    assert all(status(house, alert) is AlertStatus.OPEN for alert in alerts)
    assert said == []


def test_skip_and_sleep(served: Served, chromium: Chromium) -> None:
    house = served.house
    for number in range(2):
        house.alert(number)
    first, second = house.memory.queue.ids(QueueFilter())
    page, said = open_alert(served, chromium, first, "Ana")
    page.keyboard.press("8")
    page.select_option("#skip-reason", "language")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/alerts/{second}**")
    [event] = house.memory.reviews.events(first)
    assert (event.kind, event.note) == ("skipped", "I do not read this language")
    page.keyboard.press("7")
    page.select_option("#until", index=0)
    page.click(".pop[open] button")
    page.wait_for_selector("text=snoozed")
    assert status(house, second) is AlertStatus.SNOOZED
    until = house.memory.reviews.work(second).snoozed_until
    assert until is not None
    assert until > house.clock() + timedelta(minutes=30)
    assert said == []


def test_the_first_page_is_light(served: Served, chromium: Chromium) -> None:
    for number in range(60):
        served.house.alert(number)
    page = served.enter(chromium, Role.LEAD, name="Lea").new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(served.address, wait_until="networkidle")
    assert len(sizes) >= 4
    assert sum(sizes) < 200_000, sizes
