"""The shipped book, loaded once for all tests of the rates."""

import pytest

from rates.book import RateBook, load_rate_book


@pytest.fixture(scope="session")
def book() -> RateBook:
    return load_rate_book()
