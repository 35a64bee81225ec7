"""The helpers that every family reads with: hostile JSON and HTML, prices, times and texts."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.families._html import (
    HtmlError,
    absolute_url,
    background_image,
    find_first,
    links_of,
    load_html_text,
    text_of,
)
from crawlers.families._json import JsonError, as_count, as_decimal, as_text, json_pointer, load_json, look_up
from crawlers.families._money import minor_units, plain_number, price_field
from crawlers.families._text import decode_body, fit_text, one_line, tidy_text
from crawlers.families._time import time_from_epoch, time_from_iso
from domain.money import Money


class TestJson:
    def test_fractions_are_exact(self) -> None:
        assert load_json(b'{"price": 0.1}') == {"price": Decimal("0.1")}

    @pytest.mark.parametrize(
        "body",
        [b"", b"  ", b'{"a": 1', b"<html>", b'{"a": NaN}', b'{"a": Infinity}', b"{} {}", b"[" * 50_000, b"\xff\xfe"],
    )
    def test_what_is_not_one_whole_json_text_is_refused(self, body: bytes) -> None:
        with pytest.raises(JsonError):
            load_json(body)

    def test_moderate_nesting_over_the_limit_is_refused(self) -> None:
        with pytest.raises(JsonError, match="nested"):
            load_json(b"[" * 150 + b"]" * 150)

    @pytest.mark.parametrize("number", ["1e999999", "1" * 5000, "0." + "1" * 200, "1e-99999"])
    def test_a_monstrous_number_costs_its_field_only(self, number: str) -> None:
        assert load_json(f'{{"a": {number}, "b": 2}}') == {"a": None, "b": 2}

    def test_encodings_are_told(self) -> None:
        assert load_json('{"a": "元"}'.encode("utf-16")) == {"a": "元"}
        assert load_json('{"a": "元"}'.encode("utf-8-sig")) == {"a": "元"}
        assert load_json('{"a": "价格便宜"}'.encode("gb18030"), "application/json; charset=gbk") == {"a": "价格便宜"}

    def test_typed_looks(self) -> None:
        value = load_json('{"a": [{"b/c~": "3.50", "d": true, "e": "\\ud800x\\u0000"}]}')
        assert as_decimal(look_up(value, "a", 0, "b/c~")) == Decimal("3.50")
        assert as_decimal(look_up(value, "a", 0, "d")) is None
        assert as_text(look_up(value, "a", 0, "e")) == "x"
        assert look_up(value, "a", 7, "b") is None
        assert json_pointer(["a", 0, "b/c~"]) == "/a/0/b~1c~0"
        assert [as_count(v) for v in ("12", 3, Decimal("2.5"), -1, "many", True)] == [12, 3, None, None, None, None]


class TestHtml:
    def test_text_is_as_a_person_sees_it(self) -> None:
        document = load_html_text(
            "<div>One<br>two <b>bold</b>\nsame line<p>para</p><script>no()</script><img alt=':)'> end</div>"
        )
        assert text_of(document) == "One\ntwo bold same line\npara\n:) end"

    def test_hidden_links_are_kept_and_other_schemes_are_not(self) -> None:
        document = load_html_text(
            '<p><a href="/x">a</a><a href="javascript:alert(1)">b</a><a href="https://example.test/y"></a></p>'
        )
        assert links_of(document, "https://example.test/") == ("https://example.test/x", "https://example.test/y")

    @pytest.mark.parametrize("body", ["", " \n", "\x00\x01"])
    def test_nothing_is_an_error_with_a_reason(self, body: str) -> None:
        with pytest.raises(HtmlError):
            load_html_text(body)

    @pytest.mark.parametrize(
        "trap",
        [
            "<div>" * 20_000 + "deep",
            "<p " + " ".join(f'a{n}="{n}"' for n in range(40_000)) + ">wide",
            "<p x='>' " + " ".join(f"a{n}={n}" for n in range(40_000)) + ">wide",
            "<p " + " ".join(f"a{n}" for n in range(40_000)) + ">wide",
        ],
        ids=["deep", "quoted", "plain", "bare"],
    )
    def test_traps_for_parsers_are_told_at_once(self, trap: str) -> None:
        with pytest.raises(HtmlError):
            load_html_text(trap)

    def test_long_values_are_no_trap(self) -> None:
        picture = "data:image/png;base64," + "AAAA" * 50_000
        page = f"<p style='a b c' title=\"{'word ' * 5_000}\">hi <img src='{picture}'></p>"
        assert text_of(load_html_text(page)) == "hi"

    def test_pictures_in_styles(self) -> None:
        element = load_html_text(
            "<div><i style=\"width:1px;background-image:url('//cdn.example.test/p.jpg')\"></i></div>"
        )
        found = find_first(element, "i")
        assert found is not None
        assert background_image(found, "https://example.test/") == "https://cdn.example.test/p.jpg"

    @pytest.mark.parametrize("address", ["", "http://[", "data:text/html,x", "https://", "x" * 5000, "mailto:a@b.test"])
    def test_addresses_that_lead_nowhere(self, address: str) -> None:
        assert absolute_url(address, "nowhere") is None


class TestMoney:
    @pytest.mark.parametrize(
        ("text", "currency", "mark", "amount"),
        [
            ("1 234,50 ₽", None, None, Money(Decimal("1234.50"), "RUB")),
            ("$1,234.56", None, None, Money(Decimal("1234.56"), "USD")),
            ("¥35.50", "CNY", None, Money(Decimal("35.50"), "CNY")),
            ("¥35.50", None, None, None),
            ("9.900", "EUR", ".", Money(Decimal("9.900"), "EUR")),
            ("1.234", "EUR", None, None),
            ("0.123", "USD", None, Money(Decimal("0.123"), "USD")),
            ("1.234.567 ₫", None, None, Money(Decimal("1234567"), "VND")),
            ("10 - 20 USD", None, None, None),
            ("free", "USD", None, None),
            ("5 USDT", None, None, Money(Decimal("5"), "USDT")),
        ],
    )
    def test_an_amount_only_where_it_can_mean_one_thing(
        self, text: str, currency: str | None, mark: str | None, amount: Money | None
    ) -> None:
        field = price_field(text, currency=currency, decimal_mark=mark)
        assert field.text == text
        assert field.amount == amount

    def test_minor_units(self) -> None:
        assert minor_units("1999", 2) == Decimal("19.99")
        assert minor_units("19.99", 2) is None

    @given(st.text(max_size=200))
    def test_any_text_is_borne(self, text: str) -> None:
        price_field(text)
        plain_number(text)


class TestTextsAndTimes:
    def test_unfit_characters_go(self) -> None:
        assert fit_text("a\x00b\ud800c\r\nd\x1b[31m") == "abc\nd[31m"
        assert tidy_text(" a \u00a0 b \n\n\n\n c ") == "a b\n\nc"
        assert one_line("a\n\tb") == "a b"

    def test_a_body_without_a_charset_is_guessed(self) -> None:
        assert decode_body("Цена 100 рублей".encode("cp1251"), "text/html; charset=windows-1251") == "Цена 100 рублей"
        assert decode_body("价格".encode("gb18030")) == "价格"

    def test_a_body_that_lies_about_its_charset_is_guessed(self) -> None:
        chinese = "<p>价格便宜，量大从优</p>"
        assert decode_body(chinese.encode("gb18030"), "text/html; charset=utf-8") == chinese
        russian = "<p>Подписка на месяц дёшево</p>"
        assert decode_body(russian.encode("cp1251"), "text/html; charset=utf-8") == russian
        assert decode_body(russian.encode("cp1251")) == russian
        assert "\ufffd" in decode_body("价".encode() + b"\xff", "text/html; charset=utf-8")

    def test_times(self) -> None:
        noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
        assert time_from_iso("2026-11-22T12:00:00+00:00") == noon
        assert time_from_iso("2026-11-22T12:00:00") == noon
        assert time_from_iso("yesterday") is None
        assert time_from_epoch(1_795_348_800) == time_from_epoch(1_795_348_800_000) == noon
        assert time_from_epoch(-5) is None
