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


@pytest.fixture(scope="session")
def check_offers(offers: Read) -> Callable[..., None]:
    """Checks that every expected product has its share within 3 percent (None: refused), and that there is no other."""

    def check(text: str, expected: list[tuple[str, float | None]], **listing: str) -> None:
        got = [(each.offer.product, share_of(each)) for each in offers(text, **listing)]
        rest = list(got)
        for product, share in expected:
            match = next((one for one in rest if one[0] == product and _near(one[1], share)), None)
            assert match is not None, f"no {product} at {share} in {got}"
            rest.remove(match)
        unexpected = [one for one in rest if one[1] is not None]
        assert not unexpected, f"{unexpected} beside {expected}"

    return check


def _near(got: float | None, expected: float | None) -> bool:
    if got is None or expected is None:
        return got is expected
    return abs(got - expected) <= 0.03 * expected + 0.0001
