"""Secrets, third persons and foreign contacts leave no trace; the seller's names stay or become pseudonyms."""

import pytest

from reports.errors import ReportError
from reports.redaction import CONTACT_REMOVED, PERSON_REMOVED, make_scrubber, pseudonym

KEY = b"thirty-two bytes of test key ..."
SECRET = "sk-proj-" + "Ab1" * 12


def scrubber(reveal: bool = False):  # type: ignore[no-untyped-def]
    return make_scrubber(["@Lantern_Shop"], ["happy_buyer", "李小红"], key=KEY, reveal=reveal)


def test_the_sellers_name_becomes_one_pseudonym_however_it_is_written() -> None:
    name = pseudonym("lantern_shop", KEY)
    text = scrubber().text("write @lantern_shop or LANTERN_SHOP or https://t.me/lantern_shop")
    assert text.count(name) == 3
    assert "lantern" not in text.lower()


def test_revealed_names_stay_as_they_are() -> None:
    assert scrubber(reveal=True).text("write @lantern_shop") == "write @lantern_shop"


@pytest.mark.parametrize("text", ["by happy_buyer", "by @Happy_Buyer!", "by 李小红的", "by hap\u200bpy_buyer"])
def test_third_persons_are_removed(text: str) -> None:
    assert PERSON_REMOVED in scrubber().text(text)
    assert "buyer" not in scrubber().text(text).lower()
    assert "李小红" not in scrubber().text(text)


@pytest.mark.parametrize(
    "contact", ["other@mail.example", "@somebody_else", "t.me/somebody_else", "+49 170 1234567", "13812345678",
                "微信：someid123", "WhatsApp 491701234567"],
)  # fmt: skip
def test_contacts_of_nobody_known_are_removed(contact: str) -> None:
    assert scrubber().text(f"ask {contact} now") == f"ask {CONTACT_REMOVED} now"


@pytest.mark.parametrize("text", ["1000 USD for 2026-11-20", "4.50 / 15.00 at 10:30:00", "v1.2.3", "50% @ 3"])
def test_prices_and_dates_are_no_contacts(text: str) -> None:
    assert scrubber().text(text) == text


def test_a_quote_that_cuts_a_secret_in_half_shows_none_of_it() -> None:
    text = f"key {SECRET} here"
    for start in range(len(text)):
        quote = scrubber().quote(text, start, start + 14)
        assert SECRET[8:14] not in quote


def test_a_secret_hidden_by_invisible_characters_is_found() -> None:
    hidden = SECRET[:12] + "\u200b" + SECRET[12:20] + "\u200d" + SECRET[20:]
    assert SECRET[12:] not in scrubber().text(hidden)


def test_a_protected_person_is_not_a_seller() -> None:
    both = make_scrubber(["twin"], ["Twin"], key=KEY, reveal=True)
    assert both.name("twin") == PERSON_REMOVED


def test_a_protected_address_written_with_an_at_sign_is_still_protected() -> None:
    hidden = make_scrubber(["@anna@mail.example"], ["anna@mail.example"], key=KEY, reveal=True)
    assert "anna" not in hidden.text("write @anna@mail.example or anna@mail.example")


def test_pseudonyms_need_a_key_of_some_length() -> None:
    with pytest.raises(ReportError, match="at least 16"):
        pseudonym("x", b"short")
    with pytest.raises(ReportError, match="pseudonym key"):
        make_scrubber(["x"], [], key=None, reveal=False)


def test_pseudonyms_differ_by_key_and_person() -> None:
    assert pseudonym("a", KEY) != pseudonym("b", KEY)
    assert pseudonym("a", KEY) != pseudonym("a", KEY[::-1])
