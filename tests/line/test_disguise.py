"""Disguises change how a passage is written and nothing of what a person reads in it."""

import unicodedata

import pytest

from line.disguise import TRANSFORMATIONS, disguised_twins

ADVERT = "Claude Max 20x, ChatGPT Plus 6.5 元，付款后发货 https://shop.example.test/claude-plus 联系 @plus_demo, fine"


def test_there_are_at_least_fifteen_ways_of_writing_to_be_missed() -> None:
    assert len(TRANSFORMATIONS) >= 15


def test_twins_are_the_same_for_the_same_seed_and_differ_from_the_plain_text() -> None:
    twins = dict(disguised_twins(ADVERT, "seed"))
    assert twins == dict(disguised_twins(ADVERT, "seed"))
    assert len(twins) >= 15
    assert ADVERT not in twins.values()


@pytest.mark.parametrize("name", TRANSFORMATIONS)
def test_addresses_and_handles_stay_reachable(name: str) -> None:
    twin = dict(disguised_twins(ADVERT, "seed")).get(name, ADVERT)
    if name != "traditional_chinese":
        assert "https://shop.example.test/claude-plus" in twin
    assert "@plus_demo" in twin


@pytest.mark.parametrize(("name", "written"), [
    ("full_width", "Ｐｌｕｓ　６".replace("　", " ")), ("punctuated_letters", None), ("bold_letters", None),
])  # fmt: skip
def test_compatible_forms_fold_back(name: str, written: str | None) -> None:
    twin = dict(disguised_twins(ADVERT, "seed"))[name]
    if written:
        assert written in twin
    if name != "punctuated_letters":
        assert unicodedata.normalize("NFKC", twin) == unicodedata.normalize("NFKC", ADVERT)


def test_a_text_without_names_or_amounts_keeps_its_words() -> None:
    assert dict(disguised_twins("nothing here", "seed")).keys() <= {
        "full_width",
        "bold_letters",
        "upper_case",
        "odd_spaces",
    }
