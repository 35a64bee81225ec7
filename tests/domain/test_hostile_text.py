"""What is shown on a terminal or in a log cannot act there."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from domain.hostile_text import clean_text, defang, one_line


def test_escapes_and_direction_marks_are_gone_and_words_stay() -> None:
    assert clean_text("\x1b[31mred\x1b[0m \u202egnihton\u202c ok") == "[31mred[0m gnihton ok"
    assert one_line("a\r\nb\tc\u2028d") == "a b cd"
    assert clean_text("किताब क्‍ष 👩‍💻") == "किताब क्‍ष 👩‍💻"


def test_a_long_line_is_cut_and_says_so() -> None:
    assert one_line("x" * 300, 10) == "x" * 9 + "…"


def test_addresses_are_not_links_any_more() -> None:
    assert defang("https://shop.example.test/a?b=1") == "hxxps://shop[.]example[.]test/a?b=1"
    assert defang("@handle") == "[at]handle"


@given(st.text())
def test_no_acting_character_survives(text: str) -> None:
    for character in clean_text(text):
        assert character in "\n\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
