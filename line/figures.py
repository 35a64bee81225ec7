"""Proportions with their 95 percent interval, and the other figures a detector is judged by."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from line.labelled import LabelledShare

Row = TypeVar("Row")

NORMAL_QUANTILE = 1.959963984540054
"""Of 97.5 percent: both tails together leave out five."""
BINS = 10
RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """A value between 0 and 1 with its 95 percent interval; `of` is how many it was measured on (none: no value)."""

    value: float
    low: float
    high: float
    of: int


def wilson(successes: int, of: int) -> Figure:
    """The proportion with Wilson's score interval; with nothing to count, the whole interval from 0 to 1."""
    if of == 0:
        return Figure(math.nan, 0.0, 1.0, 0)
    share = successes / of
    squared = NORMAL_QUANTILE**2
    middle = share + squared / (2 * of)
    spread = NORMAL_QUANTILE * math.sqrt(share * (1 - share) / of + squared / (4 * of * of))
    scale = 1 + squared / of
    return Figure(share, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale), of)


def resampled(rows: Sequence[Row], measure: Callable[[Sequence[Row]], float], seed: int = 20_260_715) -> Figure:
    """Any measure of rows, with the interval that drawing the rows again (repeatably) gives it."""
    if not rows:
        return Figure(math.nan, 0.0, 1.0, 0)
    draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
    values = sorted(measure(draw.choices(rows, k=len(rows))) for _ in range(RESAMPLES))
    cut = RESAMPLES // 40
    return Figure(measure(rows), values[cut], values[-cut - 1], len(rows))


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """How far probabilities stand from what came true, on average over ten bins of equal width."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for probability, truth in judged:
        bins[min(int(probability * BINS), BINS - 1)].append((probability, truth))
    gaps = (abs(sum(p for p, _ in rows) - sum(truth for _, truth in rows)) for rows in bins)
    return sum(gaps) / len(judged) if judged else math.nan


def f1(judged: Sequence[tuple[bool, bool]]) -> float:
    """The harmonic mean of precision and recall of (flagged, truly resale) pairs; 0 where nothing is right."""
    right = sum(flagged and truth for flagged, truth in judged)
    wrong = sum(flagged != truth for flagged, truth in judged)
    return 2 * right / (2 * right + wrong) if right else 0.0


def queue_precision(recall: Figure, false_alarms: Figure, base_rate: float) -> Figure:
    """Of what a queue shows, the part that is resale, where that part of all that is crawled is resale.

    The interval joins the poor ends of both figures and the good ends of both, so it is wider than 95 percent.
    """

    def precision(caught: float, alarmed: float) -> float:
        shown = base_rate * caught + (1 - base_rate) * alarmed
        return base_rate * caught / shown if shown else math.nan

    return Figure(
        precision(recall.value, false_alarms.value),
        precision(recall.low, false_alarms.high),
        precision(recall.high, false_alarms.low),
        recall.of + false_alarms.of,
    )


@dataclass(frozen=True, slots=True)
class ShareCount:
    """Of the shares a person read: how many were right, wrong, and not given (refused or not read)."""

    right: int
    wrong: int
    refused: int


def count_shares(expected: Sequence[LabelledShare], computed: Sequence[tuple[str | None, Decimal]]) -> ShareCount:
    """Pair what a person read with what was computed, each used once, same product first.

    What is left of the expected is wrong where a computed share is left too, and refused where none is.
    """
    left = list(computed)
    missed = []
    right = 0
    for share in sorted(expected, key=lambda one: one.share):
        fitting = [pair for pair in left if share.admits(pair[1])]
        if not fitting:
            missed.append(share)
            continue
        right += 1
        left.remove(min(fitting, key=lambda pair: (pair[0] != share.product, abs(pair[1] - share.share))))
    wrong = min(len(missed), len(left))
    return ShareCount(right, wrong, len(missed) - wrong)
