"""The contract of `undercut assess`: order, fields, error objects, hostile text."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.assess import Detector
from line.assess import assess_lines, plain
from line.assess_schema import OUTPUT, Assessed, Malformed, assess_schema
from rates.book import RateBook
from tests.conftest import REPOSITORY

TODAY = date(2026, 7, 15)
SCHEMA = REPOSITORY / "docs" / "reference" / "assess.schema.json"
ADVERT = "Claude Max 20x 成品号 299元 自动发货 质保首登 加微信 vx: demo_shop"


def run(lines: list[bytes], detector: Detector, rates: RateBook) -> list[tuple[dict[str, object], bool]]:
    return [(json.loads(line), ok) for line, ok in assess_lines(lines, detector, rates, TODAY)]


def as_line(**fields: object) -> bytes:
    return json.dumps({"id": "1", "text": ADVERT, **fields}, ensure_ascii=False).encode("utf-8", "surrogatepass")


def test_answers_come_in_the_order_of_the_lines(detector: Detector, rates: RateBook) -> None:
    lines = [as_line(id=str(number)) for number in range(5)]
    assert [told["id"] for told, _ in run(lines, detector, rates)] == ["0", "1", "2", "3", "4"]


def test_every_answer_has_exactly_the_documented_fields(detector: Detector, rates: RateBook) -> None:
    for told, ok in run([as_line(), as_line(text="hello"), b"{"], detector, rates):
        parsed = OUTPUT.validate_python(told)
        assert isinstance(parsed, Assessed if ok else Malformed)


def test_a_malformed_line_loses_nothing_else(detector: Detector, rates: RateBook) -> None:
    told = run([as_line(id="a"), b"not json", as_line(id="b")], detector, rates)
    assert [ok for _, ok in told] == [True, False, True]
    assert "line 2" in str(told[1][0]["error"])


@pytest.mark.parametrize(("line", "named"), [
    (b'{"text": "x"}', "no id"),
    (b'{"id": "1"}', "no text"),
    (b'{"id": "1", "text": 5}', "no text"),
    (b"[1]", "an object"),
    (b'{"id": "1", "text": "x", "title": 3}', "title"),
    (b'{"id": "1", "text": "x", "observed_at": "yesterday"}', "observed_at"),
    (b'{"id": "1", "text": "x", "price": {"amount": "a lot", "currency": "USD"}}', "price"),
    (b'{"id": "1", "text": "x", "price": {"amount": "1", "currency": "dollars and cents"}}', "price"),
    (b'{"id": "1", "text": "\xff"}', "UTF-8"),
    (b'{"id": "1", "text": NaN}', "JSON"),
    (b"[" * 100_000, "JSON"),
])  # fmt: skip
def test_the_error_names_what_is_wrong(line: bytes, named: str, detector: Detector, rates: RateBook) -> None:
    ((told, ok),) = run([line], detector, rates)
    assert not ok
    assert named in str(told["error"])


def test_blank_lines_are_passed_over(detector: Detector, rates: RateBook) -> None:
    assert len(run([b"", as_line(), b"  \n"], detector, rates)) == 1


def test_text_that_is_not_valid_unicode_comes_out_escaped(detector: Detector, rates: RateBook) -> None:
    line = b'{"id": "\\ud800", "text": "claude \\udfff pro 20 USD \\ud83d\\ude00"}'
    ((answer, ok),) = assess_lines([line], detector, rates, TODAY)
    assert ok
    assert answer.isascii()
    assert json.loads(answer)["id"] == "\ud800"


def test_spans_are_places_in_the_text_that_was_given(detector: Detector, rates: RateBook) -> None:
    text = f"key sk-ant-{'a' * 40} and then {ADVERT}"
    ((told, _),) = run([as_line(text=text)], detector, rates)
    spans = [one["span"] for one in told["signals"] if one["span"]]  # type: ignore[attr-defined]
    assert any("质保" in text[span["start"] : span["end"]] for span in spans)
    assert "a" * 20 not in json.dumps(told)


def test_the_same_line_gives_the_same_bytes(detector: Detector, rates: RateBook) -> None:
    once, again = (list(assess_lines([as_line()], detector, rates, TODAY)) for _ in range(2))
    assert once == again


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=300), title=st.text(max_size=40))
def test_any_text_at_all_gets_an_answer(text: str, title: str, detector: Detector, rates: RateBook) -> None:
    line = json.dumps({"id": "x", "text": text, "title": title}).encode("ascii")
    ((answer, ok),) = assess_lines([line], detector, rates, TODAY)
    assert ok
    OUTPUT.validate_python(json.loads(answer))


@settings(max_examples=60, deadline=None)
@given(line=st.binary(max_size=200))
def test_any_bytes_at_all_get_an_answer(line: bytes, detector: Detector, rates: RateBook) -> None:
    for answer, _ in assess_lines([line], detector, rates, TODAY):
        OUTPUT.validate_python(json.loads(answer))


@pytest.mark.parametrize(("amount", "written"), [
    ("10", "10"), ("0.10", "0.1"), ("1E+3", "1000"), ("0.0000000001", "0.0000000001"),
    ("3.14159265358979", "3.14159265359"),
])  # fmt: skip
def test_amounts_are_written_plainly(amount: str, written: str) -> None:
    assert plain(Decimal(amount)) == written


def test_the_documented_schema_is_the_generated_one() -> None:
    assert json.loads(Path(SCHEMA).read_text(encoding="utf-8")) == assess_schema(), (
        "write it anew: python -c 'import json; from line.assess_schema import assess_schema; "
        "print(json.dumps(assess_schema(), indent=2))' > docs/reference/assess.schema.json"
    )
