"""What a disguise hides, folding shows; and every place in the folded text leads back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.reading.normalise import fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ｃｌａｕｄｅ　Ｏｐｕｓ", "claude opus"),
        ("𝐆𝐏𝐓-𝟓", "gpt-5"),
        ("🅶🅿🆃 ⒸⓁⒶⓊⒹⒺ", "gpt claude"),
        ("Сlаudе", "claude"),
        ("орus 4", "opus 4"),
        ("c\u200bl\u200baude", "claude"),
        ("c̶l̶a̶u̶d̶e̶", "claude"),
        ("獨享帳號", "独享账号"),
        ("۲۵۰ تومان", "250 تومان"),
        ("٣٫٥", "3.5"),
        ("१२ महीने", "12 महीने"),
        ("1️⃣0️⃣元", "10元"),
        ("20✖️Max", "20xmax"),
        ("5х Pro", "5x pro"),
        ("Tài khoản chính chủ", "tai khoan chinh chu"),
        ("İki kişilik Özel", "iki kisilik ozel"),
        ("①100刀", " 100刀"),
        ("подписка", "подписка"),
        ("GPTшка", "gptшка"),
        ("می\u200cشود", "میشود"),
        ("٪۵۰", "%50"),
    ],
)
def test_a_disguise_is_taken_off(written: str, folded: str) -> None:
    assert fold(written).text == folded


def test_a_word_that_was_unmasked_is_known() -> None:
    folded = fold("buy Сlаudе now")
    assert [folded.text[start:end] for start, end in folded.unmasked] == ["claude"]


def test_places_lead_back_past_what_was_taken_out() -> None:
    written = "a\u200b\u200bb\u200bc"
    folded = fold(written)
    assert folded.text == "abc"
    assert folded.original(0, 1) == (0, 1)
    assert folded.original(1, 2) == (3, 4)
    assert folded.original(1, 3) == (3, 6)


@given(st.text(st.characters(codec=None)))
def test_every_place_leads_back_inside_the_original_and_folds_to_the_same(written: str) -> None:
    folded = fold(written)
    for start in range(min(len(folded.text), 40)):
        first, last = folded.original(start, start + 1)
        assert 0 <= first < last <= len(written)
        assert last - first == 1
    if folded.text and not folded.unmasked:
        first, last = folded.original(0, len(folded.text))
        assert fold(written[first:last]).text == folded.text


@given(st.text())
def test_folding_twice_changes_nothing(written: str) -> None:
    once = fold(written).text
    assert fold(once).text == once
