"""The shipped detector and rates, loaded once: both are immutable."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from detectors.assess import Detector, load_detector
from domain.finding import Finding
from domain.listing import Listing
from rates.book import RateBook, load_rate_book

Assess = Callable[..., Finding]


@pytest.fixture(scope="session")
def rates() -> RateBook:
    return load_rate_book()


@pytest.fixture(scope="session")
def detector(rates: RateBook) -> Detector:
    return load_detector(rates=rates)


def listing(text: str, **fields: object) -> Listing:
    plain = Listing(
        source="test", external_id="1", url="", platform="text", title="", text=text,
        observed_at=datetime(2026, 7, 15, 12, tzinfo=UTC),
    )  # fmt: skip
    return replace(plain, **fields)


@pytest.fixture(scope="session")
def assess(detector: Detector, rates: RateBook) -> Assess:
    def judge(text: str, **fields: object) -> Finding:
        return detector.assess(listing(text, **fields), rates)

    return judge
