"""Official prices as timelines: for one product, unit, tier and region, one price on any day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from domain.offer import Unit
from domain.rate import Rate
from rates.errors import ContradictionError

BEFORE_ALL = date.min

DERIVED, LIBRARY, OVERLAY, UPDATE = range(4)
"""The layers, lowest first."""

Key = tuple[str, Unit, str, str]
"""Product, unit, tier, region."""


@dataclass(frozen=True, slots=True)
class Layered:
    """A rate with the layer it came in by: a higher layer wins where two begin on the same day."""

    rate: Rate
    layer: int
    where: str


def key_of(rate: Rate) -> Key:
    """What a rate is the price of, the day apart."""
    return (rate.product, rate.unit, rate.tier, rate.region)


def build_timelines(rates: Iterable[Layered]) -> Mapping[Key, tuple[Rate, ...]]:
    """One timeline a key, newest first, without overlaps: of the rows that hold on a day the one that began last wins.

    Raises ContradictionError where two rows of one layer, or of an update and anything dated, give one thing two
    prices from the same day.
    """
    grouped: dict[Key, list[Layered]] = {}
    for layered in rates:
        grouped.setdefault(key_of(layered.rate), []).append(layered)
    return {key: _timeline(rows) for key, rows in grouped.items()}


def rate_on(timeline: tuple[Rate, ...], on: date) -> Rate | None:
    """The row of the timeline that holds on that day."""
    for rate in timeline:
        if rate.valid_from is None or rate.valid_from <= on:
            return rate if rate.valid_to is None or on < rate.valid_to else None
    return None


def _timeline(rows: list[Layered]) -> tuple[Rate, ...]:
    if len(rows) == 1:
        return (rows[0].rate,)
    ordered = sorted(rows, key=lambda row: (row.rate.valid_from or BEFORE_ALL, row.layer))
    refuse_contradictions(ordered)
    edges = sorted(
        {row.rate.valid_from or BEFORE_ALL for row in rows}
        | {row.rate.valid_to for row in rows if row.rate.valid_to is not None}
    )
    pieces: list[Rate] = []
    for index, start in enumerate(edges):
        end = edges[index + 1] if index + 1 < len(edges) else None
        holding = [row for row in ordered if _holds(row.rate, start)]
        if not holding:
            continue
        piece = replace(holding[-1].rate, valid_from=None if start == BEFORE_ALL else start, valid_to=end)
        if pieces and _continues(pieces[-1], piece):
            piece = replace(pieces.pop(), valid_to=piece.valid_to)
        pieces.append(piece)
    return tuple(reversed(pieces))


def _holds(rate: Rate, on: date) -> bool:
    return (rate.valid_from or BEFORE_ALL) <= on and (rate.valid_to is None or on < rate.valid_to)


def _continues(earlier: Rate, later: Rate) -> bool:
    return (
        earlier.valid_to == later.valid_from
        and replace(earlier, valid_from=later.valid_from, valid_to=later.valid_to) == later
    )


def refuse_contradictions(ordered: list[Layered]) -> None:
    """Raise ContradictionError where two neighbouring rows begin on one day with different prices."""
    for one, other in pairwise(ordered):
        same_start = one.rate.valid_from == other.rate.valid_from
        if same_start and one.rate.price != other.rate.price and not _may_correct(one, other):
            rate = other.rate
            raise ContradictionError(
                f"two prices for {rate.product} ({rate.unit}, tier {rate.tier}, region {rate.region}) from "
                f"{rate.valid_from or 'an unknown day'}: {one.rate.price} in {one.where} and {rate.price} in "
                f"{other.where}; keep the true one, or give the later its own day"
            )


def _may_correct(one: Layered, other: Layered) -> bool:
    """What is stated may correct what is derived, and the files the library; nothing corrects a reviewed row."""
    return one.layer == DERIVED or (one.layer == LIBRARY and other.layer == OVERLAY)
