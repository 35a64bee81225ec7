"""robots.txt by RFC 9309, with the cases that parsers are known to get wrong."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.memory import RobotsRecord
from crawlers.robots import MOST_BYTES, decide, is_fresh, kept_body

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = "https://shop.example.test"


def record(body: str | bytes = b"", status: int = 200) -> RobotsRecord:
    return RobotsRecord(status, body.encode() if isinstance(body, str) else body, NOW)


def allowed(body: str | bytes, path: str) -> bool:
    return decide(record(body), SITE + path).allowed


@pytest.mark.parametrize(
    ("body", "path", "expected"),
    [
        ("", "/x", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: *\nDisallow: /private", "/private/x", False),
        ("User-agent: *\nDisallow: /private", "/public", True),
        ("user-agent: UNDERCUT\ndisallow: /a", "/a", False),
        ("User-agent: undercut\nAllow: /\n\nUser-agent: *\nDisallow: /", "/x", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: undercut\nDisallow: /b", "/a", True),
        ("User-agent: otherbot\nDisallow: /", "/x", True),
        ("User-agent: under\nDisallow: /", "/x", True),
        ("User-agent: undercutter\nDisallow: /", "/x", True),
        ("User-agent: undercut/1.0 (all of it)\nDisallow: /", "/x", False),
        ("User-agent: under\nAllow: /\n\nUser-agent: *\nDisallow: /", "/x", False),
        ("User-agent undercut\nDisallow: /", "/x", False),
        ("User-agent: otherbot\nUser-agent: undercut\nDisallow: /", "/x", False),
        ("User-agent: undercut\nDisallow: /a\n\nUser-agent: undercut\nDisallow: /b", "/a", False),
        ("User-agent: undercut\nDisallow: /a\n\nUser-agent: undercut\nDisallow: /b", "/b", False),
        # The longest match wins, whatever the order; a tie is allowed.
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a/b\nDisallow: /a", "/a/c", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
        # Wildcards and the end mark.
        ("User-agent: *\nDisallow: /*.php$", "/x.php", False),
        ("User-agent: *\nDisallow: /*.php$", "/x.php?y", True),
        ("User-agent: *\nDisallow: /*/secret", "/a/b/secret", False),
        ("User-agent: *\nDisallow: /item?*sort=", "/item?a=1&sort=2", False),
        # Percent escapes compare equal in both spellings; paths tell upper from lower case.
        ("User-agent: *\nDisallow: /%E4%B8%AD", "/中", False),
        ("User-agent: *\nDisallow: /中", "/%e4%b8%ad", False),
        ("User-agent: *\nDisallow: /Shop", "/shop", True),
        # A byte order mark, odd line ends, comments and rubbish do not hide a rule.
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        ("User-agent: * # everyone\nDisallow: /a # here", "/a", False),
        (b"\xff\xfe\x00rubbish\nUser-agent: *\nDisallow: /a", "/a", False),
        ("<html><body>Not found</body></html>", "/x", True),
        ("Disallow: /\n", "/x", True),
        ("Sitemap: https://shop.example.test/s.xml\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nSitemap: https://shop.example.test/s.xml\nDisallow: /a", "/a", False),
    ],
)
def test_rules(body: str | bytes, path: str, expected: bool) -> None:
    assert allowed(body, path) is expected


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_robots_that_is_not_there_opens_everything(status: int) -> None:
    decision = decide(record("User-agent: *\nDisallow: /", status), SITE)
    assert decision.allowed
    assert str(status) in decision.reason


@pytest.mark.parametrize("status", [0, 429, 500, 502, 503, 599])
def test_a_robots_that_cannot_be_reached_closes_everything(status: int) -> None:
    decision = decide(record("", status), SITE)
    assert not decision.allowed
    assert "unreachable" in decision.reason


def test_a_record_is_fresh_for_a_day_and_an_unreachable_one_for_an_hour() -> None:
    assert is_fresh(record(), NOW + timedelta(hours=23, minutes=59))
    assert not is_fresh(record(), NOW + timedelta(hours=24))
    assert is_fresh(record(status=503), NOW + timedelta(minutes=59))
    assert not is_fresh(record(status=503), NOW + timedelta(hours=1))
    assert not is_fresh(record(), NOW - timedelta(seconds=1)), "a record from the future is asked for again"


def test_a_crawl_delay_is_told_with_the_decision() -> None:
    assert decide(record("User-agent: *\nCrawl-delay: 30"), SITE).crawl_delay_seconds == 30
    assert decide(record("User-agent: *\nCrawl-delay: soon"), SITE).crawl_delay_seconds is None
    assert decide(record("User-agent: *\nDisallow: /\nCrawl-delay: 7"), SITE).crawl_delay_seconds == 7


def test_five_hundred_kibibytes_are_read_and_the_rest_is_cut_at_a_line() -> None:
    line = b"Disallow: /" + b"a" * 80 + b"\n"
    start = b"User-agent: *\n"
    reached = start + line * (500 * 1024 // len(line) - 1) + b"Disallow: /last\n"
    assert len(reached) <= 500 * 1024
    assert not allowed(reached, "/last")
    beyond = start + line * (MOST_BYTES // len(line) + 1) + b"Disallow: /last\n"
    assert allowed(beyond, "/last")
    assert kept_body(beyond).endswith(b"a")
    assert len(kept_body(b"x" * (MOST_BYTES + 9))) == MOST_BYTES


def test_hostile_rules_cost_little_time() -> None:
    hostile = "User-agent: *\n" + ("Disallow: /" + "*a" * 100 + "$\n") * 2_500
    started = time.perf_counter()
    decide(record(hostile), SITE + "/" + "a" * 2_000 + "b")
    assert time.perf_counter() - started < 1.5


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_robots_and_no_path_makes_it_raise(body: bytes, path: str) -> None:
    for content in (body, b"User-agent: *\nDisallow: " + body + b"\nCrawl-delay: " + body):
        decide(record(content), f"{SITE}/{path}")
