"""A number is written once, and a share and its percentage have the same digits."""

from decimal import Decimal

import pytest

from reports.numbers import decimal_text, percent_text, share_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("4.50", "4.50"),
        ("1E+3", "1000"),
        ("0.0000001", "0.0000001"),
        ("0", "0"),
        ("-3", "-3"),
        ("1E+40", "1.000000E+40"),
    ],
)
def test_decimals_are_as_stated_without_exponent(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("share", "text", "percent"),
    [("0.071428571", "0.0714", "7.14"), ("1", "1.0000", "100.00"), ("0.00000123", "0.0000012", "0.00012"),
     ("0", "0.0000", "0.00"), ("12.5", "12.5000", "1250.00")],
)  # fmt: skip
def test_shares(share: str, text: str, percent: str) -> None:
    assert share_text(Decimal(share)) == text
    assert percent_text(text) == percent
