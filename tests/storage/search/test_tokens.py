import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.highlight import highlights
from storage.search.query import Term, terms_of
from storage.search.tokens import tokens_of
from tests.storage.test_escaping import ANY_TEXT


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Claude Opus 4.8!", ["claude", "opus", "4", "8"]),
        ("giá rẻ ĐẶC BIỆT", ["gia", "re", "dac", "biet"]),
        ("Ключ АПИ, ёлка", ["ключ", "апи", "елка"]),
        ("中转站", ["中转", "转站", "站"]),
        ("API额度充值", ["api", "额度", "度充", "充值", "值"]),
        ("ＧＰＴ－５　ｐｌｕｓ", ["gpt", "5", "plus"]),
        ("@cheap_seller", ["cheap", "seller"]),
        ("https://shop.example.test/a?b=1", ["https", "shop", "example", "test", "a", "b", "1"]),
        ("٤٥ ۴۵", ["45", "45"]),
        ("가격 싸다", ["가격", "격", "싸다", "다"]),
        ("zero\u200bwidth\ud800\x00end", ["zerowidth", "end"]),
        ("''':&|!\\", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


@given(ANY_TEXT)
def test_any_text_has_harmless_tokens(text: str) -> None:
    for token in tokens_of(text):
        assert token
        assert not set(token) & set(" '\"\\:*&|!()<>¶")
        token.encode("utf-8")


def test_a_text_without_end_has_an_end() -> None:
    assert len(tokens_of("中" * 1_000_000)) == 4000
    assert tokens_of("a" * 1_000_000) == ["a" * 64]


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("中转", (Term(("中转",)),)),
        ("号", (Term(("号",), prefix=True),)),
        ('"claude max" 额度', (Term(("claude", "max")), Term(("额度",)))),
        ("clau*", (Term(("clau",), prefix=True),)),
        ("@cheap_seller", (Term(("cheap", "seller")),)),
        ("额度API", (Term(("额度", "度", "api")),)),
        (' "" * ) OR (', (Term(("or",)),)),
        ("a " * 50, (Term(("a",)),) * 12),
    ],
)
def test_queries(query: str, terms: tuple[Term, ...]) -> None:
    assert terms_of(query) == terms


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("最稳的中转站，中转！", "中转", ["中转", "中转"]),
        ("最稳的中转站", "中转站", ["中转站"]),
        ("Giá RẺ nhất, giả", "gia re", ["Giá", "RẺ", "giả"]),
        ("Ｃｌａｕｄｅ claudette", "claude", ["Ｃｌａｕｄｅ"]),
        ("claude claudette", "claude*", ["claude", "claude"]),
        ("write to @Cheap_Seller now", "@cheap_seller", ["Cheap_Seller"]),
        ("API额度", "额度", ["额度"]),
        ("nothing here", "claude", []),
    ],
)
def test_highlights_are_places_in_the_text_as_written(text: str, query: str, marked: list[str]) -> None:
    spans = highlights("text", text, terms_of(query))
    assert [text[span.start : span.end] for span in spans] == marked


@given(ANY_TEXT, ANY_TEXT)
def test_highlights_lie_inside_any_text(text: str, query: str) -> None:
    last = 0
    for span in highlights("text", text, terms_of(query)):
        assert last <= span.start < span.end <= len(text)
        last = span.end


@given(st.text(st.sampled_from("中转站额度 aAbB1.é\u0301"), min_size=1, max_size=30), st.data())
def test_every_word_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    tokens = tokens_of(text)
    for term in terms_of(data.draw(st.sampled_from(text.split() or ["x"]))):
        if text.split():
            size = len(term.tokens)
            windows = [tuple(tokens[place : place + size]) for place in range(len(tokens))]
            wanted = term.tokens
            assert any(
                window[:-1] == wanted[:-1]
                and (window[-1:] == wanted[-1:] or (term.prefix and window[-1].startswith(wanted[-1])))
                for window in windows
            )
