"""Judging takes time in proportion to the text, whatever the text is; in processor time of one thread."""

import time
from datetime import UTC, datetime

from benchmarks.figure import Figure, Measurement
from detectors.assess import load_detector
from domain.listing import Listing
from rates.book import load_rate_book
from street.load import listing_texts

MEGABYTE = 1_000_000
OBSERVED = datetime(2026, 10, 24, 12, tzinfo=UTC)


def hostile_texts(size: int, seed: int) -> dict[str, str]:
    """Texts of `size` characters, each built to be slow for some kind of reader."""
    prose = "\n".join(listing_texts(max(20, size // 250), seed=seed))
    pieces = {
        "prose": prose,
        "one letter": "a",
        "digits": "1234567890",
        "open brackets": "((((((((((",
        "names": "claude opus 4.8 gpt-5.5 ",
        "ratios": "1元=1刀 0.1倍率 ",
        "prices": "$5 ¥30 1.299,99 ",
        "combining marks": "c\u0301l\u0301a\u0301u\u0301d\u0301e\u0301",
        "spaced letters": "c l a u d e ",
        "zero width": "\u200bg\u200bp\u200bt",
        "handles": "@aa http://a.b ",
        "table": "| a | 1 | $2 |\n",
        "mixed scripts": "сlаudе ",
    }
    return {name: (piece * (size // len(piece) + 1))[:size] for name, piece in pieces.items()}


def measure(quick: bool, seed: int) -> Measurement:
    """The worst seconds per megabyte over the hostile texts, and the worst growth from a tenth of the size to all."""
    rates = load_rate_book()
    detector = load_detector(rates=rates)
    size = MEGABYTE // 4 if quick else MEGABYTE
    worst, worst_name, growth = 0.0, "", 0.0
    small_texts = hostile_texts(size // 10, seed)
    for name, text in hostile_texts(size, seed).items():
        small = _seconds(detector.assess, small_texts[name], rates)
        large = _seconds(detector.assess, text, rates)
        growth = max(growth, large / (small * 10))
        per_megabyte = large / size * MEGABYTE
        if per_megabyte > worst:
            worst, worst_name = per_megabyte, name
    return Measurement(worst, {"slowest": worst_name, "characters": size, "growth_over_linear": round(growth, 2)})


def _seconds(assess: object, text: str, rates: object) -> float:
    listing = Listing(
        source="benchmark",
        external_id="1",
        url="https://shop.example.test/1",
        platform="shop",
        title="",
        text=text,
        observed_at=OBSERVED,
    )
    started = time.process_time()
    assess(listing, rates)  # type: ignore[operator]
    return time.process_time() - started


FIGURE = Figure(
    name="assess_linear",
    title="worst time to judge a megabyte of any text",
    goal=1.0,
    unit="s/MB",
    measure=measure,
    at_least=False,
)
