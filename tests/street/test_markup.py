"""Texts become the markup of the preview, and nothing of a text becomes markup by itself."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from street.markup import to_html


def test_marks_become_markup() -> None:
    shown = to_html("**bold** @some_name #tag https://a.example.test/x?y=1 [here](https://b.example.test) 👍\nend")
    assert "<b>bold</b>" in shown
    assert '<a href="https://t.me/some_name" target="_blank">@some_name</a>' in shown
    assert '<a href="?q=%23tag">#tag</a>' in shown
    assert '<a href="https://a.example.test/x?y=1" target="_blank" rel="noopener">' in shown
    assert ">here</a>" in shown
    assert "<b>👍</b></i>" in shown
    assert shown.endswith("<br/>end")


def test_chinese_punctuation_ends_an_address() -> None:
    assert to_html("官网 https://a.example.test，客服在线").count("https://a.example.test</a>，") == 1


@given(st.text(alphabet=st.sampled_from("<>&\"'*[](@#h:/ab \n👍\u202e"), max_size=80))
def test_nothing_of_a_text_becomes_an_element_of_its_own(text: str) -> None:
    shown = html.fromstring(f"<div>{to_html(text)}</div>")
    assert {element.tag for element in shown.iter()} <= {"div", "b", "a", "i", "br"}
