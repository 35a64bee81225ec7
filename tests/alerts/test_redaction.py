"""A secret reaches no log: not by a message, its arguments, an exception or a traceback, whoever logs it."""

import logging
from collections.abc import Iterator

import pytest

from alerts.redaction import HIDDEN, RedactingRecordFactory, hide_in_logs, scrub, spellings, tokens_of

TOKEN = "987654321:ZZZ-made_up_token_for_this_test"


@pytest.fixture(autouse=True)
def own_factory() -> Iterator[None]:
    """Leaves the process as it was."""
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


def test_messages_and_arguments_are_scrubbed(caplog: pytest.LogCaptureFixture) -> None:
    hide_in_logs([TOKEN])
    log = logging.getLogger("some.library")
    log.warning("POST https://api.example.test/bot%s/sendMessage", TOKEN)
    log.warning(f"POST https://api.example.test/bot{TOKEN}/sendMessage")
    log.warning("encoded %s", "987654321%3AZZZ-made_up_token_for_this_test")
    log.warning("nothing to hide %d", 5)
    assert caplog.messages[0] == f"POST https://api.example.test/bot{HIDDEN}/sendMessage"
    assert caplog.messages[3] == "nothing to hide 5"
    assert "made_up_token" not in caplog.text


def test_tracebacks_are_scrubbed(caplog: pytest.LogCaptureFixture) -> None:
    hide_in_logs([TOKEN])
    try:
        try:
            raise ValueError(f"bad address bot{TOKEN}")
        except ValueError as error:
            raise OSError("failed") from error
    except OSError:
        logging.getLogger("some.library").exception("it failed")
    assert "bad address bot[secret]" in caplog.text
    assert "made_up_token" not in caplog.text


def test_an_exception_without_a_secret_keeps_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    hide_in_logs([TOKEN])
    try:
        raise ValueError("plain")
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
    assert caplog.records[0].exc_info is not None
    assert "ValueError: plain" in caplog.text


def test_a_record_whose_arguments_do_not_fit_is_scrubbed_too() -> None:
    hide_in_logs([TOKEN])
    record = logging.getLogRecordFactory()("x", logging.INFO, "p", 1, "%d and %d", (TOKEN,), None)
    assert TOKEN not in repr(vars(record))


def test_one_factory_serves_the_whole_process() -> None:
    hide_in_logs([TOKEN])
    first = logging.getLogRecordFactory()
    hide_in_logs(["another-secret"])
    assert logging.getLogRecordFactory() is first
    assert isinstance(first, RedactingRecordFactory)


def test_words_too_short_to_be_secrets_blot_nothing_out() -> None:
    assert spellings(["", "a", "short"]) == frozenset()
    assert scrub("a short word", spellings(["a", "short"])) == "a short word"


def test_the_longest_spelling_is_scrubbed_first() -> None:
    assert scrub("x abcdefghij y", spellings(["abcdef", "abcdefghij"])) == f"x {HIDDEN} y"


@pytest.mark.parametrize(
    ("address", "tokens"),
    [
        ("https://hooks.example.test/alerts", set()),
        (
            "https://hooks.example.test/services/T1JJ3T3L2/TIiajkdnlazkcOXrIdevi7FQ",
            {"T1JJ3T3L2", "TIiajkdnlazkcOXrIdevi7FQ"},
        ),
        ("https://me:pass%40word@hooks.example.test/x?key=abc123&mode=fast", {"pass%40word", "pass@word", "abc123"}),
        ("slack://T1JJ3T3L2/A1BRTD4JD/#duty", {"T1JJ3T3L2", "A1BRTD4JD"}),
        ("mmost://127.0.0.1:8065/mattermosttoken", {"mattermosttoken"}),
    ],
)
def test_what_may_be_a_token_in_an_address_is_found_and_plain_words_are_left(address: str, tokens: set[str]) -> None:
    assert tokens_of(address) == tokens
