"""Reading and pricing one text at a time, with the real lexicon and the real rates on a fixed day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from detectors.pricing import price_offers
from detectors.reading import read_listing
from detectors.reading.lexicon import Lexicon, load_lexicon
from detectors.reading.result import ReadListing
from domain.finding import PricedOffer
from domain.listing import Listing, PriceField
from domain.money import Money
from rates.book import RateBook, load_rate_book

ON = date(2026, 7, 24)
"""One dollar is 6.759 yuan, 26 250 dong, 84 roubles, 17 900 rupiah or thereabouts."""

Read = Callable[..., tuple[PricedOffer, ...]]


@pytest.fixture(scope="session")
def rates() -> RateBook:
    return load_rate_book()


@pytest.fixture(scope="session")
def lexicon(rates: RateBook) -> Lexicon:
    return load_lexicon(rates)


def make_listing(text: str, title: str = "", price: str = "", language: str | None = None) -> Listing:
    """A listing of a test; `price` is an amount and a currency, as `19.9 CNY`."""
    prices: tuple[PriceField, ...] = ()
    if price:
        amount, currency = price.split()
        prices = (PriceField(amount, Money(Decimal(amount), currency)),)
    return Listing(
        source="test",
        external_id="1",
        url="https://shop.example.test/1",
        platform="shop",
        title=title,
        text=text,
        observed_at=datetime(2026, 7, 24, tzinfo=UTC),
        language=language,
        prices=prices,
    )


@pytest.fixture(scope="session")
def read(lexicon: Lexicon) -> Callable[..., ReadListing]:
    def read_text(text: str, title: str = "", price: str = "", language: str | None = None) -> ReadListing:
        return read_listing(make_listing(text, title, price, language), lexicon)

    return read_text


@pytest.fixture(scope="session")
def offers(lexicon: Lexicon, rates: RateBook) -> Read:
    def priced(text: str, title: str = "", price: str = "", language: str | None = None) -> tuple[PricedOffer, ...]:
        return price_offers(read_listing(make_listing(text, title, price, language), lexicon), rates, ON)

    return priced


def share_of(priced: PricedOffer) -> float | None:
    return None if priced.comparison.share is None else float(priced.comparison.share.best)
