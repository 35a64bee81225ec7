"""The base: dated prices of models from the `genai-prices` package, read straight out of its data.

Prices are taken from the structures, never by the library's own arithmetic: that picks a tier from a token count,
and would answer a question about a million tokens with a long-context price.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING

from domain.money import Money
from domain.offer import Unit
from domain.rate import Rate

if TYPE_CHECKING:
    from genai_prices.types import MatchLogic, ModelInfo, ModelPrice

UNITS: Mapping[str, tuple[Unit, str, Decimal]] = {
    "input_mtok": (Unit.PER_MTOK_IN, "", Decimal(1)),
    "output_mtok": (Unit.PER_MTOK_OUT, "", Decimal(1)),
    "cache_read_mtok": (Unit.PER_MTOK_CACHE_READ, "", Decimal(1)),
    "cache_write_mtok": (Unit.PER_MTOK_CACHE_WRITE, "", Decimal(1)),
    "cache_write_1h_mtok": (Unit.PER_MTOK_CACHE_WRITE, "cache_1h", Decimal(1)),
    "requests_kcount": (Unit.PER_CALL, "", Decimal(1000)),
}
"""The library's price keys that we have a unit for: the unit, the tier it implies, how many units it prices."""

NOT_A_MODEL = ("ft:", ".ft-")


@dataclass(frozen=True, slots=True)
class LibraryModel:
    """One model as the library knows it: its id in small letters, exact names, and rates that may overlap."""

    id: str
    name: str
    names: tuple[str, ...]
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What every rate of one model has in common."""

    product: str
    provider: str
    region: str
    source_url: str


def library_version() -> str:
    """The version of the price library."""
    return version("genai-prices")


def read_library(sections: Mapping[str, tuple[str, str]]) -> Mapping[str, tuple[LibraryModel, ...]]:
    """The library's models by its own provider id; `sections` maps that id to our provider id and a region."""
    # Imported here because it takes most of a second and not every command needs prices.
    from genai_prices.data import providers

    read: dict[str, tuple[LibraryModel, ...]] = {}
    for section in providers:
        if section.id in sections:
            provider, region = sections[section.id]
            source = (section.pricing_urls or [section.api_pattern])[0]
            read[section.id] = tuple(
                _read_model(model, Origin(model.id.lower(), provider, region, source))
                for model in section.models
                if not any(mark in model.id for mark in NOT_A_MODEL)
            )
    return read


def _read_model(model: "ModelInfo", origin: Origin) -> LibraryModel:
    rates = tuple(rates_of(model, origin))
    return LibraryModel(origin.product, model.name or model.id, tuple(exact_names(model.match)), rates)


def rates_of(model: "ModelInfo", origin: Origin) -> Iterator[Rate]:
    """Every price of a model as a row of its own; rows of one unit and tier may overlap, the later start wins."""
    from genai_prices.types import ConditionalPrice, StartDateConstraint, TimeOfDateConstraint

    blocks = model.prices if isinstance(model.prices, list) else [ConditionalPrice(prices=model.prices)]
    starts = sorted(
        block.constraint.start_date for block in blocks if isinstance(block.constraint, StartDateConstraint)
    )
    # A daily window cannot carry a date of its own in the library; it belongs to the newest dated price beside it.
    newest = starts[-1] if starts else None
    windows = [block for block in blocks if isinstance(block.constraint, TimeOfDateConstraint)]
    for block in blocks:
        since = block.constraint.start_date if isinstance(block.constraint, StartDateConstraint) else None
        # A block is a whole price list: what the next one does not name any more has ended.
        until = next((start for start in starts if since is None or start > since), None)
        if block in windows:
            # The dear hours are the list price, the rest of the day is the reduction.
            yield from _priced(block.prices, origin, "standard", newest)
            yield from _priced(block.prices, origin, "peak", newest)
        elif windows and since == newest:
            yield from _priced(block.prices, origin, "off_peak", since)
        else:
            yield from _priced(block.prices, origin, "standard", since, until)
    for variant in model.price_variants or ():
        for tier in variant.when.values():
            constraint = variant.constraint
            since = constraint.start_date if isinstance(constraint, StartDateConstraint) else None
            yield from _priced(variant.prices, origin, tier, since)


def _priced(
    prices: "ModelPrice", origin: Origin, tier: str, since: date | None, until: date | None = None
) -> Iterator[Rate]:
    for key, value in vars(prices).items():
        if key not in UNITS or value is None:
            continue
        unit, implied, count = UNITS[key]
        named = _join(tier, implied)
        base = value if isinstance(value, Decimal) else value.base
        bare = Rate(
            product=origin.product,
            provider=origin.provider,
            price=Money(base / count, "USD"),
            unit=unit,
            source_url=origin.source_url,
            checked_on=None,
            valid_from=since,
            valid_to=until,
            tier=named,
            region=origin.region,
            notes={"from": "genai-prices"},
        )
        yield bare
        for step in () if isinstance(value, Decimal) else value.tiers:
            yield replace(
                bare,
                price=Money(step.price / count, "USD"),
                tier=_join(named, "long_context"),
                notes={**bare.notes, "above_input_tokens": str(step.start)},
            )


def _join(tier: str, further: str) -> str:
    """`standard` gives way to anything more particular; two particulars are joined (`batch_long_context`)."""
    parts = [part for part in (tier, further) if part not in ("", "standard")]
    return "_".join(parts) or "standard"


def exact_names(logic: "MatchLogic") -> Iterator[str]:
    """The names that the library matches whole, and the stems it matches by their start.

    A stem is taken as a name of its own and not as a prefix: the library would read `claude-opus-4-50` as 4.5.
    """
    from genai_prices.types import ClauseEquals, ClauseOr, ClauseStartsWith

    if isinstance(logic, ClauseOr):
        for clause in logic.or_:
            yield from exact_names(clause)
    elif isinstance(logic, ClauseEquals):
        yield logic.equals
    elif isinstance(logic, ClauseStartsWith):
        yield logic.starts_with.rstrip("-@:")
