"""Prices as a field of a page states them: the text as it stands, and the amount where it can only mean one thing."""

import re
from decimal import Decimal

from crawlers.families._text import one_line
from domain.listing import PriceField
from domain.money import Money

MOST_CHARACTERS = 80

# Longest first. Signs that stand for several currencies (¥, kr) are told by the caller's own currency alone.
_SIGNS: tuple[tuple[str, str], ...] = (
    ("USDT", "USDT"), ("USDC", "USDC"), ("US$", "USD"), ("HK$", "HKD"), ("NT$", "TWD"), ("R$", "BRL"), ("A$", "AUD"),
    ("C$", "CAD"), ("S$", "SGD"), ("CN¥", "CNY"), ("JP¥", "JPY"), ("RMB", "CNY"), ("руб", "RUB"), ("грн", "UAH"),
    ("kr", "?"), ("Rp", "IDR"), ("zł", "PLN"), ("元", "CNY"), ("円", "JPY"), ("$", "USD"), ("€", "EUR"), ("£", "GBP"),
    ("₽", "RUB"), ("₴", "UAH"), ("₫", "VND"), ("đ", "VND"), ("₹", "INR"), ("₺", "TRY"), ("₩", "KRW"), ("฿", "THB"),
    ("₦", "NGN"), ("₱", "PHP"), ("₸", "KZT"), ("¥", "?"), ("￥", "?"),
)  # fmt: skip
_CODES = frozenset(
    {"USD", "EUR", "GBP", "RUB", "UAH", "CNY", "JPY", "TWD", "HKD", "SGD", "IDR", "VND", "INR", "BRL", "TRY", "KRW"}
    | {"THB", "PHP", "MYR", "PLN", "KZT", "AED", "NGN", "ARS", "MXN", "COP", "CLP", "CAD", "AUD", "USDT", "USDC"}
    | {"PKR", "BDT", "LKR", "EGP", "ZAR", "SAR", "ILS", "CHF", "SEK", "NOK", "DKK", "CZK", "HUF", "RON", "NZD", "PEN"}
    | {"BYN", "GEL", "AMD", "UZS", "KES"}
)
_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{3,4}(?![A-Za-z])")
_NUMBER = re.compile(r"\d[\d.,'\u00a0\u202f ]{0,24}\d|\d")
_GROUPED = re.compile(r"\d{1,3}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3}){0,6}")


def price_field(
    text: str, *, currency: str | None = None, decimal_mark: str | None = None, old: bool = False
) -> PriceField:
    """A stated price. `currency` is what the page says elsewhere; a sign or code in the text itself goes first.

    `decimal_mark` ("." or ",") is given where the format is known, as for an interface that answers "9.900". Without
    it, one mark before exactly three digits ("1.234") may be either, and no amount is given. A range, two numbers or
    an unknown currency give no amount either.
    """
    stated = one_line(text)[:MOST_CHARACTERS]
    told = _currency_of(stated) or currency
    number = plain_number(stated, decimal_mark=decimal_mark)
    amount = Money(number, told) if number is not None and told and told in _CODES else None
    return PriceField(text=stated, amount=amount, old=old)


def plain_number(text: str, *, decimal_mark: str | None = None) -> Decimal | None:
    """The one number in the text, or None where there is none, more than one, or two ways to read it."""
    found = _NUMBER.findall(text[:MOST_CHARACTERS])
    if len(found) != 1:
        return None
    digits: str = found[0]
    if decimal_mark:
        thousands = "," if decimal_mark == "." else "."
        return _number_of(digits, thousands, decimal_mark)
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return _number_of(digits, ",", ".")
    if len(set(marks)) == 2:
        last = marks[-1]
        return _number_of(digits, "," if last == "." else ".", last) if marks.count(last) == 1 else None
    mark = marks[0]
    if len(marks) > 1:
        return _number_of(digits, mark, "") if _GROUPED.fullmatch(digits) else None
    whole, _mark, fraction = digits.partition(mark)
    if len(fraction) == 3 and whole != "0" and len(whole) <= 3:
        return None
    return _number_of(digits, "", mark)


def minor_units(text: str, places: int) -> Decimal | None:
    """An amount that an interface states in its smallest unit ("1999" with two places is 19.99)."""
    if not text.isdecimal() or len(text) > 18 or not 0 <= places <= 8:
        return None
    return Decimal(text).scaleb(-places)


def _currency_of(text: str) -> str | None:
    for code in _CODE.findall(text):
        if code in _CODES:
            return str(code)
    for sign, currency in _SIGNS:
        if sign.casefold() in text.casefold():
            return None if currency == "?" else currency
    return None


def _number_of(digits: str, thousands: str, decimal_mark: str) -> Decimal | None:
    plain = re.sub(r"['\u00a0\u202f ]", "", digits)
    if thousands:
        plain = plain.replace(thousands, "")
    if decimal_mark:
        plain = plain.replace(decimal_mark, ".")
    try:
        return Decimal(plain)
    except ArithmeticError:
        return None
