"""Price rows out of each layer: the price library, the shipped files, and the updates."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase

from domain.money import Money
from domain.offer import Unit
from domain.rate import Rate
from rates.catalogue import Product
from rates.errors import RatesFileError
from rates.library import LibraryModel
from rates.lookup import DERIVED, LIBRARY, OVERLAY, UPDATE, Layered
from rates.overlay import OverlayFile
from rates.schema import DerivedTier, LibrarySection, Priced, PriceRow, ProviderFile
from rates.updates import RateUpdate

MODEL_UNITS: Mapping[str, Unit] = {
    "per_mtok_in": Unit.PER_MTOK_IN,
    "per_mtok_out": Unit.PER_MTOK_OUT,
    "per_mtok_cache_read": Unit.PER_MTOK_CACHE_READ,
    "per_mtok_cache_write": Unit.PER_MTOK_CACHE_WRITE,
    "per_call": Unit.PER_CALL,
}
DERIVABLE = frozenset({"standard", "long_context"})

Library = Mapping[str, tuple[LibraryModel, ...]]


def own_models(part: LibrarySection, library: Library) -> Iterator[LibraryModel]:
    """The models of a section of the library that are the provider's own."""
    for model in library.get(part.section, ()):
        wanted = not part.only or any(fnmatchcase(model.id, pattern) for pattern in part.only)
        if wanted and not any(fnmatchcase(model.id, pattern) for pattern in part.without):
            yield model


def library_rates(file: ProviderFile, library: Library) -> Iterator[Layered]:
    """The library's rows; a release day dates those that have none.

    A regional section is regional only for what is sold globally too: a model sold in one country alone has that
    country's price everywhere.
    """
    released = {entry.id: entry.released for entry in file.models if entry.released is not None}
    seen: set[str] = set()
    for part in file.library:
        for model in own_models(part, library):
            for rate in model.rates:
                dated = rate if rate.valid_from is not None else replace(rate, valid_from=released.get(model.id))
                placed = dated if model.id in seen else replace(dated, region="global")
                yield Layered(placed, LIBRARY, f"genai-prices ({part.section})")
        seen.update(model.id for model in own_models(part, library))


def overlay_rates(file: OverlayFile) -> Iterator[Layered]:
    """The rows of one shipped file."""
    provider = file.provider
    for model in provider.models:
        for row in model.prices:
            for rate in _model_rates(provider.id, model.id, row):
                yield Layered(rate, OVERLAY, file.name)
    for plan in provider.plans:
        for plan_row in plan.prices:
            bare = _bare(provider.id, plan.id, plan_row, plan_row.amount, Unit.PER_PERIOD)
            yield Layered(replace(bare, period_days=plan_row.period_days), OVERLAY, file.name)
    for credit in provider.credits:
        yield Layered(
            Rate(
                product=credit.id,
                provider=provider.id,
                price=Money(Decimal(1), "USD"),
                unit=Unit.PER_USD_CREDIT,
                source_url=str(credit.source),
                checked_on=credit.checked,
                notes=_notes(note="one dollar of official credit costs one dollar"),
            ),
            OVERLAY,
            file.name,
        )


def derived_rates(file: ProviderFile, rows: Iterable[Layered]) -> Iterator[Layered]:
    """Rows of the tiers that are a fixed part of the standard price, for as long as they have been."""
    for layered in rows:
        rate = layered.rate
        if rate.provider != file.id or rate.tier not in DERIVABLE or rate.price.currency != "USD":
            continue
        for rule in file.derived_tiers:
            derived = _derive(rate, rule)
            if derived is not None:
                yield Layered(derived, DERIVED, f"{layered.where}, times {rule.factor}")


def update_rates(updates: Iterable[RateUpdate], products: Mapping[str, Product]) -> Iterator[Layered]:
    """The rows of the updates; raises RatesFileError for a product that is not known."""
    for update in updates:
        for rate in update.prices:
            product = products.get(rate.product)
            if product is None:
                raise RatesFileError(
                    f"{update.name}: no product {rate.product!r}; an update gives prices of known products, "
                    "`undercut rates show` lists the nearest names"
                )
            yield Layered(replace(rate, provider=product.provider), UPDATE, update.name)


def _derive(rate: Rate, rule: DerivedTier) -> Rate | None:
    if not any(fnmatchcase(rate.product, pattern) for pattern in rule.models):
        return None
    if rate.valid_to is not None and rate.valid_to <= rule.start:
        return None
    start = rule.start if rate.valid_from is None else max(rate.valid_from, rule.start)
    return replace(
        rate,
        price=rate.price.times(rule.factor),
        tier=rule.tier if rate.tier == "standard" else f"{rule.tier}_{rate.tier}",
        source_url=str(rule.source),
        checked_on=rule.checked,
        valid_from=start,
        notes={**rate.notes, "derived": f"{rule.factor} of the {rate.tier} price"},
    )


def _model_rates(provider: str, model: str, row: PriceRow) -> Iterator[Rate]:
    for field, unit in MODEL_UNITS.items():
        amount: Decimal | None = getattr(row, field)
        if amount is not None:
            bare = _bare(provider, model, row, amount, unit)
            above = {} if row.above_input_tokens is None else {"above_input_tokens": str(row.above_input_tokens)}
            yield replace(bare, notes={**bare.notes, **above})


def _bare(provider: str, product: str, row: Priced, amount: Decimal, unit: Unit) -> Rate:
    ends = "" if row.promotion_ends is None else row.promotion_ends.isoformat()
    return Rate(
        product=product,
        provider=provider,
        price=Money(amount, row.currency),
        unit=unit,
        source_url=str(row.source),
        checked_on=row.checked,
        valid_from=row.start if isinstance(row.start, date) else None,
        valid_to=row.end,
        tier=row.tier,
        region=row.region,
        notes=_notes(note=row.note, promotion_ends=ends),
    )


def _notes(**said: str) -> Mapping[str, str]:
    return {"from": "undercut", **{name: text for name, text in said.items() if text}}
