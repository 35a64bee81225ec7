"""How many mixed-language listings of about 300 characters one core judges in a second.

Measured in processor time of one thread, so that what else the machine does counts as little as it can.
"""

import time
from datetime import UTC, datetime

import re2  # type: ignore[import-untyped]  # ships no types

from benchmarks.figure import Figure, Measurement
from detectors.assess import load_detector
from domain.listing import Listing
from rates.book import load_rate_book
from street.load import listing_texts

QUICK_TEXTS = 4_000
FULL_TEXTS = 20_000
OBSERVED = datetime(2026, 10, 24, 12, tzinfo=UTC)
# What a bare scan for prices and names would look for; it says nothing of what they mean.
PATTERN = (
    r"(?i)(?P<price>[$¥€₽₫₹]\s?\d[\d.,]*|\d[\d.,]*\s?(?:usd|rub|元|刀|руб))"
    r"|(?P<name>claude|gpt|chatgpt|gemini|grok|opus|sonnet|codex)"
)


def measure(quick: bool, seed: int) -> Measurement:
    """Listings a second through read, price and judge; beside it one RE2 pass with groups over the same texts."""
    rates = load_rate_book()
    detector = load_detector(rates=rates)
    texts = list(listing_texts(QUICK_TEXTS if quick else FULL_TEXTS, seed=seed))
    listings = [_listing(number, text) for number, text in enumerate(texts)]
    for listing in listings[:200]:
        detector.assess(listing, rates)
    started = time.process_time()
    for listing in listings:
        detector.assess(listing, rates)
    rate = len(listings) / (time.process_time() - started)
    return Measurement(
        rate,
        {
            "re2_pass_per_second": round(_bare_pass(texts)),
            "mean_characters": round(sum(map(len, texts)) / len(texts)),
            "texts": len(texts),
        },
    )


def _bare_pass(texts: list[str]) -> float:
    pattern = re2.compile(PATTERN)
    started = time.process_time()
    found = sum(1 for text in texts for _ in pattern.finditer(text))
    seconds = time.process_time() - started
    return len(texts) / seconds if found else 0.0


def _listing(number: int, text: str) -> Listing:
    return Listing(
        source="benchmark",
        external_id=str(number),
        url=f"https://shop.example.test/{number}",
        platform="shop",
        title="",
        text=text,
        observed_at=OBSERVED,
    )


FIGURE = Figure(
    name="assess_speed",
    title="listings of about 300 characters judged on one core",
    goal=2_000,
    unit="listings/s",
    measure=measure,
)
