from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.listing import Handle, HandleRole, PriceField
from domain.money import Money
from storage.escaping import escape_text, map_strings, unescape_text

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=40) | st.text(
    st.sampled_from("\x00\x1a\ud800\udfff0a1z\U0001f600"), max_size=20
)


@given(ANY_TEXT)
def test_any_text_comes_back_and_is_fit_for_a_database(text: str) -> None:
    escaped = escape_text(text)
    assert unescape_text(escaped) == text
    assert "\x00" not in escaped
    escaped.encode("utf-8")


def test_honest_text_stays_as_it_is() -> None:
    text = "满血版 Claude — 4.8, \\u0000 spelled out, \x1b[0m"
    assert escape_text(text) is text


def test_every_string_of_a_noun_is_changed_and_nothing_else() -> None:
    handle = Handle("telegram", "name", HandleRole.SELLER)
    assert map_strings(handle, str.upper) == Handle("TELEGRAM", "NAME", HandleRole.SELLER)
    price = PriceField("1 usd", Money(Decimal(1), "USD"))
    assert map_strings((price, {"a": "b"}), str.upper) == (PriceField("1 USD", price.amount), {"A": "B"})
