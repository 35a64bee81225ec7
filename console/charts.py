"""Drawings made on the server: a price against the official line, as shapes for an SVG without any style in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from line.review_page import PricePoint, percent

WIDTH, HEIGHT = 640, 180
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 14, 30


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of the line, with its words."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class PriceChart:
    """The shapes: dots, the line through them, the height of the official price, and the words at the axes."""

    dots: tuple[Dot, ...]
    path: str
    official_y: float
    ticks: tuple[tuple[float, str], ...]
    first: str
    last: str
    summary: str


def price_chart(points: Sequence[PricePoint]) -> PriceChart | None:
    """A chart of the lowest share over time, None without a point."""
    if not points:
        return None
    first, last = points[0].at, points[-1].at
    most = max(1.1, max(float(point.share) for point in points) * 1.1)
    dots = tuple(
        Dot(
            _x(point.at, first, last),
            _y(float(point.share), most),
            f"{point.at:%Y-%m-%d %H:%M}: {percent(point.share)}",
        )
        for point in points
    )
    path = "M" + " L".join(f"{dot.x:.1f} {dot.y:.1f}" for dot in dots)
    ticks = tuple((_y(value, most), f"{value * 100:.0f} %") for value in (0.0, 0.5, 1.0) if value <= most)
    return PriceChart(dots, path, _y(1.0, most), ticks, f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}", _summary(points))


def _summary(points: Sequence[PricePoint]) -> str:
    first, last = points[0], points[-1]
    if len(points) == 1:
        return f"Seen once, on {first.at:%Y-%m-%d}, at {percent(first.share)} of the official price."
    lowest = min(point.share for point in points)
    when = f"on {first.at:%Y-%m-%d}"
    if first.at.date() != last.at.date():
        when = f"between {first.at:%Y-%m-%d} and {last.at:%Y-%m-%d}"
    shares = f"lowest {percent(lowest)} of the official price, newest {percent(last.share)}"
    return f"Seen {len(points)} times {when}; {shares}."


def _x(at: datetime, first: datetime, last: datetime) -> float:
    span = max(last - first, timedelta(0)).total_seconds()
    width = WIDTH - LEFT - RIGHT
    return LEFT + (width / 2 if span == 0 else width * (at - first).total_seconds() / span)


def _y(share: float, most: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share / most)
