"""The gateway's answers: true refusals and shapes where they lie beside the repository, and how pages are told."""

from decimal import Decimal
from pathlib import Path

import pytest

from crawlers.families._mtop import mtop_answer, people_count, yuan
from crawlers.registry import families, recognise
from domain.money import Money
from tests.crawlers.families.golden import golden_cases, page_of

API = "https://h5api.m.goofish.com/h5/mtop.taobao.idlemtopsearch.pc.search/1.0/"

# family, capture, state, how many listings
CAPTURES = """
goofish goofish/aigm_search_results.json fresh 1
goofish goofish/aigm_user_items.json fresh 1
goofish goofish/search_jsonp_constructed.txt fresh 2
goofish goofish/user_items_cardlist_constructed.json fresh 1
goofish goofish/aigm_user_head.json not_understood 0
goofish goofish/aigm_ratings.json not_understood 0
taobao taobao/search_mtopjsonp_constructed.txt fresh 2
"""


@pytest.mark.parametrize("row", CAPTURES.strip().splitlines())
def test_captures_are_read_and_recognised(shared_folder: Path, row: str) -> None:
    family, place, state, listings = row.split()
    page = page_of((shared_folder / "captures" / place).read_bytes(), "https://saved.invalid/")
    reading = families()[family].read(page)
    assert (reading.state, len(reading.listings)) == (state, int(listings)), reading.reason
    found = [each.family for each in recognise(page)]
    assert found == ([family] if listings != "0" else [])
    if place == "goofish/aigm_user_items.json":
        assert len(reading.gone_ids) == 1


def test_saved_refusals_have_their_states(shared_folder: Path) -> None:
    folder = shared_folder / "captures" / "failures"
    rows = [line.split("\t") for line in (folder / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    checked = [row for row in rows if row[0].startswith("alibaba_mtop")]
    assert len(checked) == 2
    for file, url, status, state in checked:
        page = page_of((folder / file).read_bytes(), url, status=int(status))
        for family in ("goofish", "taobao"):
            reading = families()[family].read(page)
            assert (reading.state, reading.gone_ids) == (state, ()), file
        assert recognise(page)[0].family == "goofish"


@pytest.mark.parametrize(
    "case",
    [case for case in golden_cases() if case.family in ("goofish", "taobao")],
    ids=lambda case: f"{case.family}-{case.name}",
)
def test_what_holds_listings_or_a_refusal_of_the_gateway_is_recognised(case: object) -> None:
    recognised = [each.family for each in recognise(case.page)]  # type: ignore[attr-defined]
    listings = case.expected.get("listings")  # type: ignore[attr-defined]
    if listings or (not case.page.body.startswith(b"<") and case.name.startswith("refused")):  # type: ignore[attr-defined]
        assert recognised[:1] == [case.family]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "codes", [["FAIL_SYS_ILLEGAL_ACCESS::非法请求"], ["RGV587_ERROR::SM::x"], ["FAIL_SYS_USER_VALIDATE"]]
)
def test_a_refusal_within_a_large_answer_stands(codes: list[str]) -> None:
    import json

    body = json.dumps({"ret": codes, "data": {"resultList": [], "padding": "x" * 50_000}})
    assert families()["goofish"].read(page_of(body, API)).state == "blocked"


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("13999", "13999"),
        ("¥ 1,299.50", "1299.50"),
        ("1.2万", "12000"),
        ("当前价 ¥95.5", "95.5"),
        ([{"text": "¥"}, {"text": "0"}, {"text": ".80"}], "0.80"),
        ({"priceText": "66"}, "66"),
        ({"price": {"priceText": "66"}}, "66"),
        ("95-880", None),
        ("面议", None),
        ("0", None),
        (Decimal("7.5"), "7.5"),
    ],
)
def test_prices_in_their_many_forms(value: object, amount: str | None) -> None:
    price = yuan(value)  # type: ignore[arg-type]
    assert price is not None
    assert price.amount == (None if amount is None else Money(Decimal(amount), "CNY"))


def test_nothing_is_no_price() -> None:
    assert [yuan(value) for value in (None, "", [], {}, {"other": 1})] == [None] * 5


@pytest.mark.parametrize(
    ("words", "count"),
    [("82人付款", 82), ("1.5万+人收货", 15_000), ("300+人付款", 300), ("200+", 200), ("人想要", None)],
)
def test_counts_of_people(words: str, count: int | None) -> None:
    assert people_count(words) == count


@pytest.mark.parametrize("body", ['{"a": 1}', ' mtopjsonp12({"a": 1}) ;\n', '\ufeff{"a": 1}', 'x.y_1({"a": 1})'])
def test_a_call_is_unwrapped(body: str) -> None:
    assert mtop_answer(page_of(body, API)).data == {"a": 1}
