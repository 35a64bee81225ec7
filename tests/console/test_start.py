"""The first run, leads, and cases that are opened over sellers and leads."""

from dataclasses import replace

import pytest

from console.services import CrawlState
from detectors.overlay_file import parse_overlay
from domain.lead import LeadStatus
from line.access import Role, first_link
from storage.overlay import OverlayKind
from tests.console.conftest import PASSWORD, START, Browser, House


@pytest.fixture
def operator(house: House) -> Browser:
    return house.person(Role.LEAD, Role.OPERATOR, name="Op")


def test_the_first_account_is_led_through_the_first_steps(house: House) -> None:
    token = first_link(house.memory.accounts, house.clock())
    form = {"name": "Op", "password": PASSWORD, "again": PASSWORD}
    answer = house.browser().post(f"/setup/{token}", **form)
    assert answer.headers["location"] == "/start"


def test_where_alerts_wait_already_the_first_account_comes_to_the_queue(house: House) -> None:
    house.alert()
    token = first_link(house.memory.accounts, house.clock())
    answer = house.browser().post(f"/setup/{token}", name="Op", password=PASSWORD, again=PASSWORD)
    assert answer.headers["location"] == "/"


def test_the_four_answers_are_kept(house: House, operator: Browser, analyst: Browser) -> None:
    answer = operator.post(
        "/start",
        provider=["anthropic"],
        product=["claude-pro", "claude-max-20x", "chatgpt-plus"],
        channels="Example Cloud, https://www.cloud.example.test/\nother.example.test",
        leads="https://shop.example.test/item/1\nforum.example.test",
    )
    assert answer.status_code == 200
    assert "2 authorised channels, 2 new leads" in answer.text
    [entry] = house.memory.store.overlay.current(OverlayKind.AUTHORISED_CHANNELS)
    channels = parse_overlay({}, {entry.name: entry.content}).channels
    assert [(one.name, one.domains, one.providers) for one in channels] == [
        ("Example Cloud", ("cloud.example.test",), ("anthropic",)),
        ("other.example.test", ("other.example.test",), ("anthropic",)),
    ]
    assert {lead.lead.url for lead in house.memory.store.leads.list()} == {
        "https://shop.example.test/item/1", "https://forum.example.test",
    }  # fmt: skip
    [view] = [view for view in house.memory.views.seen_by("Ana") if view.name == "Ours"]
    assert view.query == "product=claude-pro&product=claude-max-20x"
    assert "Ours" in analyst.get("/").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "at least one provider"),
        ({"provider": ["nobody"]}, "at least one provider"),
        ({"provider": ["anthropic"], "channels": "no domain here"}, "its name, a comma and its domain"),
        ({"provider": ["anthropic"], "leads": "javascript:hit()"}, "the address of a public page"),
        ({"provider": ["anthropic"], "leads": "a.example.test\n" * 300}, "at most 200 lines"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(
    house: House, operator: Browser, form: dict[str, object], said: str
) -> None:
    answer = operator.post("/start", **form)
    assert answer.status_code == 400
    assert said in answer.text
    assert house.memory.store.leads.list() == ()
    assert house.memory.store.overlay.current(OverlayKind.AUTHORISED_CHANNELS) == ()


def test_the_first_crawl_is_started_and_told(house: House) -> None:
    class Crawl:
        started = 0

        def start(self) -> None:
            self.started += 1

        def state(self) -> CrawlState:
            return CrawlState(START if self.started else None, bool(self.started), False, ("one/source: fresh",))

    crawl = Crawl()
    house.services = replace(house.services, crawl=crawl)
    operator = house.person(Role.OPERATOR)
    assert "Running" not in operator.get("/start").text
    assert operator.post("/start/crawl").headers["location"] == "/start#crawl"
    assert "one/source: fresh" in operator.get("/start").text
    assert crawl.started == 1


def test_a_console_without_a_way_to_crawl_says_so(operator: Browser) -> None:
    assert "undercut watch --once" in operator.get("/start").text
    assert operator.post("/start/crawl").status_code == 404


def test_leads_are_added_decided_and_opened_as_cases(house: House, analyst: Browser, lead: Browser) -> None:
    assert analyst.post("/leads", urls="ftp://x").status_code == 400
    assert analyst.post("/leads", urls="", why="x").status_code == 400
    assert analyst.post("/leads", urls="https://shop.example.test/a", why="seen in a forum").status_code == 303
    page = lead.get("/leads").text
    assert "hxxps://shop[.]example[.]test/a" in page
    assert "seen in a forum" in page
    assert lead.post("/leads/1", status="perhaps").status_code == 400
    assert lead.post("/leads/1", status="approved", note="sells plans").status_code == 303
    [kept] = house.memory.store.leads.list(LeadStatus.APPROVED)
    assert (kept.decided_by, kept.note) == ("Lea", "sells plans")
    assert lead.post("/leads/77", status="approved").status_code == 404
    assert analyst.post("/cases", lead="1").headers["location"] == "/cases/1"
    assert "about lead 1" in analyst.get("/cases/1").text
    assert house.memory.cases.alerts(1) == ()
    assert analyst.post("/cases", lead="77").status_code == 404


def test_a_case_over_a_seller_holds_every_alert_of_theirs(house: House, analyst: Browser) -> None:
    alerts = {house.alert(number) for number in range(3)}
    assert "Open a case over every alert of seller_example" in analyst.get("/?seller=seller_example").text
    assert analyst.post("/cases", seller="seller_example").headers["location"] == "/cases/1"
    assert set(house.memory.cases.alerts(1)) == alerts
    assert "Seller seller_example" in analyst.get("/cases/1").text
    assert analyst.post("/cases", seller="nobody").status_code == 400
