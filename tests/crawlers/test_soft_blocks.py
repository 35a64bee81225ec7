"""The rules that tell a refusal from what a place says; none of them ever makes anything gone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.soft_blocks import Expected, PlaceHistory, check_yield, find_refusal, retry_after
from domain.listing import Listing
from domain.reading import FurtherRequest, Reading, ReadingState
from tests.crawlers.families.golden import FETCHED_AT, page_of

JSON = Expected("json", ('"total_count"',))
HTML = Expected("html", ("data-post=",))
CHALLENGE = "<html><head><title>Just a moment...</title></head><body><div class='cf-chl'></div></body></html>"


@pytest.mark.parametrize(
    ("status", "headers", "state"),
    [
        (200, {}, None),
        (304, {}, ReadingState.UNCHANGED),
        (401, {}, ReadingState.LOGIN_REQUIRED),
        (403, {}, ReadingState.BLOCKED),
        (404, {}, None),
        (429, {"retry-after": "7"}, ReadingState.RATE_LIMITED),
        (430, {}, ReadingState.RATE_LIMITED),
        (439, {}, ReadingState.BLOCKED),
        (500, {}, ReadingState.NOT_UNDERSTOOD),
        (503, {"retry-after": "120"}, ReadingState.RATE_LIMITED),
        (520, {}, ReadingState.BLOCKED),
    ],
)
def test_statuses(status: int, headers: dict[str, str], state: ReadingState | None) -> None:
    refusal = find_refusal(page_of('{"a": 1}', status=status, headers=headers))
    assert (refusal.state if refusal else None) == state


def test_a_challenge_with_any_status_is_a_block() -> None:
    for status in (200, 403, 503):
        refusal = find_refusal(page_of(CHALLENGE, status=status), HTML)
        assert refusal is not None
        assert refusal.state is ReadingState.BLOCKED
        assert "Cloudflare" in refusal.reason


def test_words_of_a_challenge_are_quotes_where_the_platforms_own_marks_stand() -> None:
    assert find_refusal(page_of(f'<div data-post="a/1">{CHALLENGE}</div>'), HTML) is None
    assert find_refusal(page_of('{"total_count": 1, "items": ["captcha, Just a moment..."]}'), JSON) is None


def test_weak_words_count_in_what_a_small_page_shows_and_not_in_its_scripts() -> None:
    shown = find_refusal(page_of("<html><body>请完成安全验证</body></html>"))
    assert shown is not None
    assert shown.state is ReadingState.BLOCKED
    assert find_refusal(page_of("<html><script>var t='安全验证'</script><body>shop</body></html>")) is None
    assert find_refusal(page_of("<html><body>安全验证" + "x" * 60_000 + "</body></html>")) is None


def test_what_guards_leave_in_pages_they_let_through_is_no_challenge() -> None:
    script = "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>"
    assert find_refusal(page_of(f"<html>{script}<body>shop</body></html>")) is None
    tag = "<script src='https://js.datadome.co/tags.js'></script>"
    assert find_refusal(page_of(f"<html>{tag}<body>{'shop ' * 4_000}</body></html>")) is None
    guarded = find_refusal(page_of(f"<html>{tag}<body>Please enable JS</body></html>"))
    assert guarded is not None
    assert guarded.state is ReadingState.BLOCKED


@pytest.mark.parametrize(
    ("answered", "state"),
    [
        ("https://passport.place.example.test/login", ReadingState.LOGIN_REQUIRED),
        ("https://place.example.test/account/login?next=/", ReadingState.LOGIN_REQUIRED),
        ("https://place.example.test/cdn-cgi/challenge", ReadingState.BLOCKED),
        ("https://place.example.test/captcha.html", ReadingState.BLOCKED),
        ("https://place.example.test/loginovo", None),
        ("https://place.example.test/other", None),
    ],
)
def test_where_a_page_led(answered: str, state: ReadingState | None) -> None:
    asked = "https://place.example.test/list"
    followed = find_refusal(page_of("<p>hello</p>", asked, url_answered=answered))
    assert (followed.state if followed else None) == state
    stopped = find_refusal(page_of("<p>hello</p>", asked, status=302, headers={"location": answered}))
    assert (stopped.state if stopped else None) == state


def test_a_login_page_that_was_asked_for_is_no_refusal() -> None:
    assert find_refusal(page_of("<p>shop</p>", "https://place.example.test/login/shop")) is None


def test_kinds() -> None:
    html = find_refusal(page_of("<html>hi</html>"), JSON)
    assert html is not None
    assert (html.state, html.reason) == (ReadingState.NOT_UNDERSTOOD, "HTML where JSON was expected")
    json = find_refusal(page_of('{"a":1}', headers={"content-type": "application/json"}), HTML)
    assert json is not None
    tiny = find_refusal(page_of("<html><body>ok</body></html>"), HTML)
    assert tiny is not None
    assert "without any mark" in tiny.reason
    assert find_refusal(page_of('<p data-post="a/1">'), HTML) is None
    nothing = find_refusal(page_of(" \n"))
    assert nothing is not None
    assert nothing.state is ReadingState.NOT_UNDERSTOOD


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("30", 30),
        ("999999", 86_400),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_patience_asked_for(stated: str, seconds: int | None) -> None:
    assert retry_after({"retry-after": stated}, FETCHED_AT) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_borne(text: str) -> None:
    retry_after({"retry-after": text}, FETCHED_AT)


LISTING = Listing(
    source="a/b",
    external_id="1",
    url="https://place.example.test/1",
    platform="shop",
    title="",
    text="x",
    observed_at=datetime(2026, 11, 22, tzinfo=UTC),
)
EMPTY = Reading(ReadingState.EMPTY, "nothing")


class TestYield:
    def test_nothing_where_there_was_much_is_not_understood(self) -> None:
        judged = check_yield(EMPTY, page_of("x"), PlaceHistory(recent_yields=(20, 19, 21)))
        assert judged.state is ReadingState.NOT_UNDERSTOOD
        assert check_yield(EMPTY, page_of("x"), PlaceHistory(recent_yields=(20, 0, 21))) == EMPTY
        assert check_yield(EMPTY, page_of("x"), PlaceHistory()) == EMPTY

    def test_a_body_shrunk_to_a_tenth(self) -> None:
        judged = check_yield(EMPTY, page_of("x" * 90), PlaceHistory(usual_body_bytes=1_000))
        assert judged.state is ReadingState.NOT_UNDERSTOOD
        assert check_yield(EMPTY, page_of("x" * 110), PlaceHistory(usual_body_bytes=1_000)) == EMPTY

    def test_the_same_page_for_another_number(self) -> None:
        page = page_of("same", "https://place.example.test/?page=2")
        fresh = Reading(ReadingState.FRESH, listings=(LISTING,), further=(FurtherRequest("https://x.example.test/"),))
        history = PlaceHistory(page_digests={page.snapshot.sha256: "https://place.example.test/?page=1"})
        judged = check_yield(fresh, page, history)
        assert judged.state is ReadingState.NOT_UNDERSTOOD
        assert judged.further == ()
        assert (
            check_yield(fresh, page, PlaceHistory(page_digests={page.snapshot.sha256: page.snapshot.url_asked}))
            == fresh
        )

    def test_an_index_and_a_refusal_are_left_as_they_are(self) -> None:
        index = Reading(ReadingState.FRESH, further=(FurtherRequest("https://x.example.test/"),))
        blocked = Reading(ReadingState.BLOCKED, "no")
        history = PlaceHistory(usual_body_bytes=10_000, recent_yields=(9, 9, 9))
        assert check_yield(index, page_of("x"), history) == index
        assert check_yield(blocked, page_of("x"), history) == blocked


@given(st.binary(max_size=300), st.integers(0, 599), st.sampled_from([JSON, HTML, Expected()]))
def test_nothing_here_ever_says_gone(body: bytes, status: int, expected: Expected) -> None:
    refusal = find_refusal(page_of(body, status=status), expected)
    assert refusal is None or refusal.state is not ReadingState.GONE


def test_saved_refusals_have_their_states(shared_folder: Path) -> None:
    folder = shared_folder / "captures" / "failures"
    rows = [line.split("\t") for line in (folder / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    general = [row for row in rows if not row[0].startswith("github_")]
    assert len(general) >= 5
    for file, url, status, state in general:
        refusal = find_refusal(page_of((folder / file).read_bytes(), url, status=int(status)), Expected("json"))
        assert refusal is not None, file
        assert refusal.state == state, file
