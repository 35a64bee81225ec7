"""Judging takes steps in proportion to the text. Counted in calls, so that no busy machine can fail it."""

import hashlib
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import pytest

from detectors.assess import Detector
from domain.finding import Finding
from domain.listing import Listing
from rates.book import RateBook

OBSERVED = datetime(2026, 10, 24, 12, tzinfo=UTC)


def keys(length: int) -> str:
    """Keys that are all different: none is known by another's digest."""
    digests = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(length // 50 + 1))
    return " ".join(f"sk-ant-{digest[:40]}" for digest in digests)[:length]


def contacts(length: int) -> str:
    """Two hundred addresses, and then the name of a network again and again."""
    addresses = " ".join(f"https://shop{number}.example.test/" for number in range(200))
    return f"{addresses} {'wechat: ' * (length // 8)}"[:length]


TEXTS: dict[str, Callable[[int], str]] = {
    "keys": keys,
    "contacts": contacts,
    "mixed scripts": lambda length: ("сlаudе " * length)[:length],
    "combining marks": lambda length: ("c\u0301l\u0301a\u0301u\u0301d\u0301e\u0301" * length)[:length],
    "one long word": lambda length: ("claudeproaccountsale" * length)[:length],
    "spaced letters": lambda length: ("c l a u d e " * length)[:length],
    "bot tokens": lambda length: ("bot12345678:" * length)[:length],
    "denials": lambda length: ("no shared accounts, 不质保 " * length)[:length],
    "prices": lambda length: ("$5 ¥30 1.299,99 claude pro " * length)[:length],
}


@pytest.mark.parametrize("name", TEXTS)
def test_steps_grow_no_faster_than_the_text(detector: Detector, rates: RateBook, name: str) -> None:
    def judged(length: int) -> Callable[[], Finding]:
        listing = Listing("s", "1", "https://shop.example.test/1", "shop", "", TEXTS[name](length), OBSERVED)
        return lambda: detector.assess(listing, rates)

    judged(1_000)()
    shorter, longer = (_calls(judged(length)) for length in (40_000, 160_000))
    assert longer <= 5 * shorter + 20_000


def _calls(work: Callable[[], object]) -> int:
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
