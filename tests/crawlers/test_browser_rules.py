"""What a visited page may load beside itself."""

import pytest

from crawlers.network_guard import parse_target
from crawlers.transports.browser_rules import MOST_REQUESTS, VisitRules

RULES = VisitRules("example.org")
OWN, OTHER = "https://api.example.org/list", "https://cdn.example.com/x"


@pytest.mark.parametrize(
    ("kind", "method", "url", "allowed"),
    [
        ("xhr", "GET", OWN, True),
        ("fetch", "POST", OWN, True),
        ("fetch", "DELETE", OWN, False),
        ("fetch", "GET", OTHER, False),
        ("script", "GET", OTHER, True),
        ("stylesheet", "GET", OTHER, True),
        ("script", "POST", OTHER, False),
        ("image", "GET", OWN, False),
        ("font", "GET", OWN, False),
        ("document", "GET", OWN, False),
        ("document", "POST", OWN, False),
        ("websocket", "GET", OWN, False),
        ("eventsource", "GET", OWN, False),
        ("ping", "POST", OWN, False),
        ("media", "GET", OWN, False),
        ("manifest", "GET", OWN, False),
        ("other", "GET", OWN, False),
        ("a kind of tomorrow", "GET", OWN, False),
    ],
)
def test_by_kind_method_and_place(kind: str, method: str, url: str, allowed: bool) -> None:
    assert (RULES.why_not(kind, method, parse_target(url), loaded=0) is None) == allowed


def test_pictures_are_for_screenshots() -> None:
    seen = VisitRules("example.org", with_pictures=True)
    assert seen.why_not("image", "GET", parse_target(OTHER), loaded=0) is None
    assert seen.why_not("font", "GET", parse_target(OTHER), loaded=0) is None
    assert seen.why_not("media", "GET", parse_target(OWN), loaded=0)


def test_a_page_loads_so_many_things_and_no_more() -> None:
    assert RULES.why_not("script", "GET", parse_target(OWN), loaded=MOST_REQUESTS - 1) is None
    assert RULES.why_not("script", "GET", parse_target(OWN), loaded=MOST_REQUESTS)
