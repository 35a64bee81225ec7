"""From an alert to a packet in the console, by two people."""

import re

from domain.decision import Outcome
from domain.listing import Handle, HandleRole
from line.access import Role
from line.decide import Verdict, decide
from reports.verify import verify_packet
from tests.console.conftest import House

BUYER = "buyer_of_things"
HOSTILE = "<script>alert(1)</script>\u202e{{7*7}}"


def confirmed(house: House) -> str:
    handles = (Handle("relay", "seller_example", HandleRole.SELLER), Handle("relay", BUYER, HandleRole.MENTIONED))
    alert = house.alert(1, title=f"Claude Max 20x {HOSTILE}", handles=handles)
    decide(house.memory, alert, Verdict(Outcome.CONFIRMED, "resold_access", "seen"), "Cleo", house.clock())
    return alert


def test_two_people_take_an_alert_to_a_packet_that_a_stranger_verifies(house: House) -> None:
    alert = confirmed(house)
    ana, ben = house.person(Role.ANALYST, name="Ana"), house.person(Role.ANALYST, name="Ben")
    assert f"/reports/new?about=alert:{alert}" in ana.get(f"/alerts/{alert}").text
    assert "Anthropic" in ana.get(f"/reports/new?about=alert:{alert}").text
    made = ana.post("/reports", about=f"alert:{alert}", to="github", format="packet")
    assert made.status_code == 303
    address = made.headers["location"]
    page = ana.get(address).text
    content = re.search(r"content <code>([0-9a-f]{64})</code>", page)
    assert content is not None
    assert ana.post(f"{address}/review").status_code == 303
    assert "Another person looks at it now" in ana.get(address).text
    assert ana.post(f"{address}/approve", content=content[1]).status_code == 400
    assert ben.post(f"{address}/approve", content="0" * 64).status_code == 400
    assert ben.post(f"{address}/approve", content=content[1]).status_code == 303
    assert ben.post(f"{address}/hand-over", how="mail").status_code == 400
    assert ana.post(f"{address}/hand-over").status_code == 303
    assert "handed over" in ana.get(address).text
    got = ben.get(f"{address}/files/0")
    assert got.headers["content-disposition"].startswith("attachment")
    assert verify_packet(got.content) == []
    assert address in ana.get(f"/alerts/{alert}").text
    assert address in ana.get("/reports").text


def test_the_preview_shows_exactly_the_text_and_nothing_of_it_acts(house: House) -> None:
    alert = confirmed(house)
    ana = house.person(Role.ANALYST, name="Ana")
    made = ana.post("/reports", about=f"alert:{alert}", to="anthropic", format="text")
    page = ana.get(made.headers["location"]).text
    assert "To: usersafety@anthropic.com" in page
    assert "<script>alert(1)" not in page
    assert BUYER not in page
    assert "seller_example" not in page


def test_a_wrong_wish_is_said_in_words(house: House) -> None:
    ana = house.person(Role.ANALYST, name="Ana")
    answer = ana.post("/reports", about="alert:nothing", to="anthropic")
    assert answer.status_code == 400
    assert "no alert" in answer.text
