"""A message says what the house lets out, in our words, with values that cannot act."""

from dataclasses import replace
from decimal import Decimal

import pytest

from alerts.message import Detail, House, compose, percent, product_words, share_words
from domain.comparison import Share
from tests.alerts.conftest import make_alert, make_finding, make_notice, make_offer

CONSOLE = "https://console.example.test"
FULL = House(Detail.FULL, CONSOLE)
MINIMAL = House(Detail.MINIMAL, CONSOLE)


def test_minimal_lets_out_id_lane_severity_product_and_link_only() -> None:
    message = compose(make_notice(), MINIMAL)
    assert message.subject == "[HIGH] pooled relay: claude-opus-4-8"
    assert [line.label for line in message.lines] == ["Alert", "Severity", "Kind", "Product"]
    assert set(message.facts) == {"alert_id", "version", "severity", "lane", "product"}
    assert message.console_url == f"{CONSOLE}/alerts/al-1"
    everything = repr(message)
    for private in ("example_channel", "chat.example.test", "20.00", "11 %", "满血版", "relays", "Claude API relay"):
        assert private not in everything


def test_full_says_offer_official_share_and_why() -> None:
    message = compose(make_notice(), FULL)
    said = {line.label: line.value for line in message.lines}
    assert message.subject == "[HIGH] pooled relay: claude-opus-4-8 at 11 % of the official price"
    assert said["Offer"] == (
        "Claude opus 4.8 满血版, 20.00 CNY per million output tokens, metered tokens, group special"
    )
    assert said["Official"] == "25 USD per million output tokens (claude-opus-4-8, standard, checked 2026-11-01)"
    assert said["Share"] == "11 % of the official price (between 9.9 % and 12 %)"
    assert [line.value for line in message.lines if line.label == "Why"] == [
        "says that accounts are pooled",
        "gives an address of its own for the API",
    ]
    assert said["Address"] == "hxxps[:]//chat[.]example[.]test/example_channel/77"
    assert said["Exposed"] == "official value 800 to 2,400 USD"
    assert message.facts["share_best"] == "0.11"
    assert message.facts["price_amount"] == "20.00"


def test_a_price_that_was_not_compared_says_why() -> None:
    alert = make_alert(finding=make_finding(offers=(make_offer(None),), exposure=None))
    said = {line.label: line.value for line in compose(make_notice(alert=alert), FULL).lines}
    assert said["Share"] == "not compared: no price"
    assert said["Exposed"] == "unknown"


def test_an_alert_without_offers_is_told_too() -> None:
    message = compose(make_notice(alert=make_alert(finding=make_finding(offers=()))), FULL)
    assert message.subject == "[HIGH] pooled relay: product unknown"


def test_a_later_version_says_so_and_stays_in_its_thread() -> None:
    first, second = compose(make_notice(), FULL), compose(make_notice(alert=make_alert(version=2)), FULL)
    assert second.subject.endswith("(version 2)")
    assert first.thread == second.thread
    assert first.key != second.key


def test_the_sellers_name_for_a_product_never_stands_for_ours() -> None:
    assert product_words("gpt-5.5") == "gpt-5.5"
    for not_ours in (None, "", "Claude 满血", "a\nb", "<b>", "x" * 200):
        assert product_words(not_ours) == "product unknown"


def test_an_id_cannot_leave_its_place_in_the_consoles_address() -> None:
    message = compose(make_notice(alert=make_alert("../../evil?x=1#y")), MINIMAL)
    assert message.console_url == f"{CONSOLE}/alerts/..%2F..%2Fevil%3Fx%3D1%23y"


def test_a_message_has_no_link_without_a_console() -> None:
    assert compose(make_notice(), House()).console_url is None


@pytest.mark.parametrize(
    ("share", "words"),
    [("0.11", "11 %"), ("0.1134", "11 %"), ("0.00456", "0.46 %"), ("1.5", "150 %"), ("0", "0 %"), ("0.095", "9.5 %")],
)
def test_a_share_is_said_with_two_digits(share: str, words: str) -> None:
    assert percent(Decimal(share)) == words


def test_an_exact_share_has_no_interval() -> None:
    exact = Share(Decimal("0.5"), Decimal("0.5"), Decimal("0.5"))
    assert share_words(exact) == "50 % of the official price"


def test_the_same_notice_always_says_the_same() -> None:
    notice = make_notice()
    assert compose(notice, FULL) == compose(replace(notice), FULL)
