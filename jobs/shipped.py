"""What is shipped to judge with, loaded once in a process: a crawl forked from a warm server finds it there already."""

import functools

from detectors.assess import Detector, load_detector
from rates.book import RateBook, load_rate_book


@functools.cache
def shipped_rates() -> RateBook:
    """Official prices without any update."""
    return load_rate_book()


@functools.cache
def shipped_detector() -> Detector:
    """The detector without any overlay."""
    return load_detector(rates=shipped_rates())
