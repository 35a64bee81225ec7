"""Only plain http(s) addresses without credentials and secrets stand in a report."""

import pytest

from reports.links import host_of, safe_link


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example", "https://", "x", "",
     "https://x.example/\n", "https://x.example/\u202etxt", "https://x.example/" + "x" * 2000,
     "https://x.example/sk-proj-" + "a" * 30],
)  # fmt: skip
def test_refused(address: str) -> None:
    assert safe_link(address) is None


def test_credentials_and_secret_queries_are_dropped() -> None:
    assert safe_link("https://user:word@shop.example/a?key=sk-proj-" + "a" * 30) == "https://shop.example/a"


def test_quotes_and_brackets_are_escaped_and_anchors_stay() -> None:
    assert safe_link("https://shop.example/a'b\"<c>?x=1#L3") == "https://shop.example/a%27b%22%3Cc%3E?x=1#L3"


def test_the_host_is_ascii() -> None:
    assert host_of(safe_link("https://bücher.example/") or "") == "xn--bcher-kva.example"
