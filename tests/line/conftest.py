"""The shipped detector and rates, loaded once: both are immutable."""

import pytest

from detectors.assess import Detector, load_detector
from rates.book import RateBook, load_rate_book


@pytest.fixture(scope="session")
def rates() -> RateBook:
    return load_rate_book()


@pytest.fixture(scope="session")
def detector(rates: RateBook) -> Detector:
    return load_detector(rates=rates)
