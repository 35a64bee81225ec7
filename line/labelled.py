"""Labelled passages, read from JSON lines in either of two forms, as listings with what a person said of them.

The project's own form is described in `tests/corpus/README.md`. The other form carries `platform_kind`, offers with
`share_of_official` and `models_canonical`, and a `second_reader`: a passage on which two readers differ is unsure.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from domain.errors import UndercutError
from domain.finding import Verdict
from domain.listing import Listing, PriceField
from domain.money import CurrencyError, Money

# A share that a reader worked out of yuan at 7.2 to the dollar is as right at any dated rate between these two.
READERS_YUAN = Decimal("7.2")
LEAST_YUAN, MOST_YUAN = Decimal("6.7"), Decimal("7.3")
CLOSE = Decimal("0.05")


class CorpusError(UndercutError):
    """A line of a labelled corpus cannot be read."""


@dataclass(frozen=True, slots=True)
class LabelledShare:
    """A share of the official price that a person read; anything from `low` to `high` is right."""

    product: str | None
    share: Decimal
    low: Decimal
    high: Decimal

    def admits(self, share: Decimal) -> bool:
        """Is this computed share right?"""
        return self.low <= share <= self.high


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A passage as a listing, its label, the kind of its first offer or what it is easily taken for, and its shares."""

    listing: Listing
    language: str
    label: Verdict
    kind: str | None
    lookalike: str | None
    shares: tuple[LabelledShare, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled passages with the digest of the bytes they were read from."""

    texts: tuple[LabelledText, ...]
    sha256: str


def read_corpus(body: bytes, on: date) -> Corpus:
    """Every passage; `on` is the day of those that name none. Raises CorpusError naming the line."""
    texts = []
    for number, line in enumerate(body.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            texts.append(_read_row(orjson.loads(line), on))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, CurrencyError) as error:
            raise CorpusError(f"line {number} is no labelled passage: {error!r}; see tests/corpus/README.md") from error
    return Corpus(tuple(texts), hashlib.sha256(body).hexdigest())


def _read_row(row: Mapping[str, Any], on: date) -> LabelledText:
    second = row.get("second_reader")
    label = Verdict(row["label"])
    if second is not None and second["label"] != row["label"]:
        label = Verdict.UNSURE
    offers = row.get("offers") or ()
    price = row.get("price")
    listing = Listing(
        source="labelled",
        external_id=str(row["id"]),
        url="",
        platform=str(row.get("platform") or row.get("platform_kind") or "other"),
        title=row.get("title") or "",
        text=row["text"],
        observed_at=_midday(date.fromisoformat(row["observed_at"]) if row.get("observed_at") else on),
        prices=(_price_field(price),) if price else (),
    )
    kind = str(offers[0]["kind"]) if offers and label is Verdict.RESALE else None
    return LabelledText(listing, row["language"], label, kind, row.get("lookalike"), tuple(_shares(offers)))


def _midday(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def _price_field(price: Mapping[str, str]) -> PriceField:
    money = Money(Decimal(price["amount"]), price["currency"])
    return PriceField(str(money), money)


def _shares(offers: Iterable[Mapping[str, Any]]) -> Iterable[LabelledShare]:
    for offer in offers:
        own = offer.get("share")
        other = offer.get("share_of_official")
        if own is not None:
            yield _labelled(offer.get("product"), Decimal(str(own)), Decimal(1), Decimal(1))
        elif other:
            models = offer.get("models_canonical") or (None,)
            yield _labelled(models[0], Decimal(str(other)), READERS_YUAN / MOST_YUAN, READERS_YUAN / LEAST_YUAN)


def _labelled(product: str | None, share: Decimal, low_factor: Decimal, high_factor: Decimal) -> LabelledShare:
    return LabelledShare(product, share, share * low_factor * (1 - CLOSE), share * high_factor * (1 + CLOSE))


def corpus_of(lines: Iterable[LabelledText], sha256: str = "") -> Corpus:
    """A corpus of passages that were made rather than read."""
    return Corpus(tuple(lines), sha256)
