"""The book's answers against prices typed by hand from the providers' pages."""

from datetime import date
from decimal import Decimal

import pytest

from domain.money import Money
from domain.offer import Unit
from rates.book import RateBook, load_rate_book
from rates.errors import UnknownProductError

JUNE = date(2026, 6, 1)


@pytest.fixture(scope="module")
def book() -> RateBook:
    return load_rate_book()


def test_a_model_has_its_price_of_the_day(book: RateBook) -> None:
    rate = book.lookup("claude-opus-4-8", JUNE, Unit.PER_MTOK_IN)
    assert rate.price == Money(Decimal(5), "USD")
    assert book.lookup("claude-opus-4-8", JUNE, Unit.PER_MTOK_OUT).price == Money(Decimal(25), "USD")


def test_an_unknown_model_is_refused_with_the_nearest_names(book: RateBook) -> None:
    with pytest.raises(UnknownProductError, match="claude-opus-4"):
        book.lookup("claude-opus-4-9", JUNE, Unit.PER_MTOK_IN)
