"""Nothing of a seller's words can act: no link, mention, command, markup or hidden character is left in them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.text import neutral
from street.hostile_texts import ALL, hostile_texts
from street.receivers.bot_api import pressable
from tests.alerts.conftest import HOW_MANY

# What programs on the reader's side turn into links, mentions and commands of their own accord.
ACTING = re.compile(
    r"[<>@＠﹫]|://|https?|[^\s][.。．｡․](?=[^\W\d])|(?<!\d)\d+\.\d+\.\d+\.\d+(?!\d)|[#＃]\w|\$[A-Za-z]|(?:^|\s)/\w"
    r"|\b(?:javascript|data|mailto|tel|sms|tg|magnet|file|bitcoin|slack|matrix):",
    re.IGNORECASE,
)
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def assert_inert(said: str) -> None:
    assert not ACTING.search(said), said
    assert not pressable(said, ()), said
    assert not [c for c in said if unicodedata.category(c) in HIDDEN and c not in "\u200c\u200d"], said


@pytest.mark.parametrize("text", ALL)
def test_a_hostile_text_becomes_inert(text: str) -> None:
    assert_inert(neutral(text))


@HOW_MANY
def test_combined_texts_become_inert(count: int) -> None:
    for text in hostile_texts(count):
        assert_inert(neutral(text))


@given(st.text(max_size=300))
def test_any_text_becomes_inert_and_stays_short(text: str) -> None:
    said = neutral(text, 100)
    assert_inert(said)
    assert len(said) <= 100 * 4
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Claude Opus 4.8 满血版 9.99 元", "Claude Opus 4.8 满血版 9.99 元"),
        ("https://shop.example.test/x", "hxxps[:]//shop[.]example[.]test/x"),
        ("write to @seller", "write to [at]seller"),
        ("1.5$ per 1M, 10% off", "1.5$ per 1M, 10% off"),
        ("claude-3.5-sonnet", "claude-3.5-sonnet"),
        ("sk-ant-api03-AAAAAAAAAAAAAAAAAAAAAAAA", "sk-ant-a…[sha256:"),
    ],
)
def test_what_is_harmless_stays_readable(text: str, said: str) -> None:
    assert neutral(text).startswith(said)


def test_stacked_marks_are_cut() -> None:
    assert neutral("a" + "\u0301" * 50) == "a\u0301\u0301"
