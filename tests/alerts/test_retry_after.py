"""What a receiver asks for is read as seconds or a date, and anything else as nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.retry_after import retry_after_seconds
from tests.alerts.conftest import NOON


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("99999999999", 86_400),
        ("Tue, 24 Nov 2026 12:05:00 GMT", 300),
        ("Tue, 24 Nov 2026 12:05:00 -0000", 300),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("١٢", None),
        ("9" * 100, None),
        ("Tue, 99 Nov 2026 12:05:00 GMT", None),
    ],
)
def test_a_wait_is_read(value: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(value, NOON) == seconds


@given(st.text(max_size=80))
def test_no_text_breaks_it(value: str) -> None:
    seconds = retry_after_seconds(value, NOON)
    assert seconds is None or 0 <= seconds <= 86_400
