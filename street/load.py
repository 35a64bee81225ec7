"""Synthetic listings at any size, for benchmarks: the same seed gives the same texts on every machine."""

import functools
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from street.content import yaml_of
from street.telegram_page import PAGE_POSTS, Channel, Post, channel_page

# The share of texts that offer something; the others talk of the same things and sell nothing.
OFFER_SHARE = 0.6
_FIRST_POST = datetime(2026, 9, 1, tzinfo=UTC)
_NOT_LANGUAGES = frozenset({"models", "plans"})


def listing_texts(count: int, *, seed: int = 2026, start: int = 0) -> Iterator[str]:
    """`count` listing texts of about 200 to 350 characters, in the pool's languages, from number `start` on."""
    for number in range(start, start + count):
        yield listing_text(seed, "texts", number)


def listing_text(seed: int, series: str, number: int) -> str:
    """The one text of this seed, series and number."""
    # Not for secrets: the point is that anybody can draw the same text again.
    draw = random.Random(f"{seed}/{series}/{number}")  # noqa: S311
    pool = yaml_of("load/pool.yml")
    language = pool[draw.choices(*_languages())[0]]
    middle = language["offer"] if draw.random() < OFFER_SHARE else language["honest"]
    said = draw.sample(middle, min(2, len(middle)))
    sentences = (draw.choice(language["opening"]), *said, draw.choice(language["closing"]))
    return _filled("\n".join(sentences), pool, draw)


def load_channel_page(seed: int, name: str, pages: int, *, before: int | None = None) -> str:
    """One list page of a load channel of `pages` pages: its newest posts, or those before a post number."""
    newest = pages * PAGE_POSTS
    last = newest if before is None else max(0, min(newest, before - 1))
    first = max(1, last - PAGE_POSTS + 1)
    posts = tuple(_post(seed, name, number) for number in range(first, last + 1))
    return channel_page(_frame(name, newest), posts)


@functools.cache
def _languages() -> tuple[Sequence[str], Sequence[int]]:
    pool: Mapping[str, Any] = yaml_of("load/pool.yml")
    names = tuple(name for name in pool if name not in _NOT_LANGUAGES)
    return names, tuple(pool[name]["weight"] for name in names)


def _filled(text: str, pool: Mapping[str, Any], draw: random.Random) -> str:
    # Replacing only what occurs keeps this cheap enough to serve pages while a benchmark runs beside it.
    values = {
        "{model}": draw.choice(pool["models"]),
        "{plan}": draw.choice(pool["plans"]),
        "{price}": str(draw.randint(5, 400)),
        "{credit}": str(draw.choice((10, 50, 100, 200, 500, 1000))),
        "{days}": str(draw.choice((7, 30, 90))),
        "{seats}": str(draw.randint(2, 6)),
        "{factor}": str(draw.choice((0.08, 0.15, 0.25, 0.4, 0.6))),
    }
    for mark, value in values.items():
        if mark in text:
            text = text.replace(mark, value)
    return text


def _post(seed: int, name: str, number: int) -> Post:
    at = _FIRST_POST + timedelta(minutes=number)
    return Post(number, at, listing_text(seed, name, number), {"views": 100 + number % 5000})


@functools.cache
def _frame(name: str, newest: int) -> Channel:
    ends = (Post(1, _FIRST_POST, ""), Post(max(1, newest), _FIRST_POST, ""))
    return Channel(name, f"Load {name[-4:]}", "Made-up texts for measuring.", 1_900_009_000, {"subscribers": "1"}, ends)
