"""Which addresses are of the same site."""

import pytest

from crawlers.network_guard import parse_target
from crawlers.spiders.sites import site_of


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://shop.example.com/", "http://www.example.com:8080/x", True),
        ("https://example.co.uk/", "https://api.example.co.uk/", True),
        ("https://one.co.uk/", "https://other.co.uk/", False),
        ("https://one.github.io/", "https://other.github.io/", False),
        ("https://example.com/", "https://example.com.evil.example.org/", False),
        ("https://example.com/", "https://notexample.com/", False),
        ("https://shop.example.test/", "https://www.example.test/", True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/x", True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", False),
        ("http://a.localhost:8000/", "http://b.localhost:8000/", False),
        ("http://a.localhost:8000/", "http://a.localhost:8001/", False),
        ("http://10.0.0.1/", "http://10.0.0.2/", False),
        ("https://例え.example.com/", "https://xn--r8jz45g.example.com/", True),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert (site_of(parse_target(one)) == site_of(parse_target(other))) is same
