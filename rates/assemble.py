"""Laying the price library, the shipped files and the updates over one another into one set of tables."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase

from domain.money import Money
from domain.offer import Unit
from domain.rate import Rate
from rates.catalogue import Channel, Intake, Product, ProductKind, Provider, TermsClause
from rates.errors import CurrencyRateTooOldError, CurrencyUnknownError, RatesFileError
from rates.fx import CurrencyTable, DatedCurrencyRate, tables_version
from rates.library import LibraryModel, library_version, read_library
from rates.lookup import LIBRARY, OVERLAY, UPDATE, Key, Layered, build_timelines, rate_on
from rates.overlay import OverlayFile, read_overlay
from rates.schema import LibrarySection, ModelEntry, NamedEntry, PlanEntry, PlanPriceRow, PriceRow, ProviderFile
from rates.updates import RateUpdate

MODEL_UNITS: Mapping[str, Unit] = {
    "per_mtok_in": Unit.PER_MTOK_IN,
    "per_mtok_out": Unit.PER_MTOK_OUT,
    "per_mtok_cache_read": Unit.PER_MTOK_CACHE_READ,
    "per_mtok_cache_write": Unit.PER_MTOK_CACHE_WRITE,
    "per_call": Unit.PER_CALL,
}
DAYS_OF_A_MONTH = range(28, 32)
FLOOR_TIERS = frozenset({"standard", "app_store"})


@dataclass(frozen=True, slots=True)
class Assembled:
    """Everything the book answers from."""

    version: str
    products: Mapping[str, Product]
    providers: Mapping[str, Provider]
    channels: tuple[Channel, ...]
    names: tuple[tuple[str, str], ...]
    timelines: Mapping[Key, tuple[Rate, ...]]
    keys_of: Mapping[str, tuple[Key, ...]]
    currencies: tuple[DatedCurrencyRate, ...]

    def floor(self, plan: str, on: date, currencies: CurrencyTable) -> Rate | None:
        """The lowest official monthly price of a plan over all regions on that day."""
        monthly = [
            rate
            for key in self.keys_of.get(plan, ())
            if key[1] is Unit.PER_PERIOD and key[2] in FLOOR_TIERS
            for rate in (rate_on(self.timelines[key], on),)
            if rate is not None and rate.period_days in DAYS_OF_A_MONTH
        ]
        return min(monthly, key=lambda rate: _dollars(rate, on, currencies), default=None)


def assemble(updates: tuple[RateUpdate, ...]) -> Assembled:
    """All tables; raises RatesFileError or ContradictionError that name the rows and the mend."""
    files = read_overlay()
    library = read_library(
        {part.section: (file.provider.id, part.region) for file in files for part in file.provider.library}
    )
    products: dict[str, Product] = {}
    layered: list[Layered] = []
    for file in files:
        for product in _products(file.provider, library):
            known = products.get(product.id)
            if known is not None and known.provider != product.provider:
                raise RatesFileError(
                    f"{file.name}: {product.id} is already a product of {known.provider}; give it another id"
                )
            products[product.id] = product
        layered += _library_rates(file.provider, library)
        layered += _overlay_rates(file)
    layered += _update_rates(updates, products)
    timelines = build_timelines(layered)
    keys_of: dict[str, tuple[Key, ...]] = {}
    for key in sorted(timelines):
        keys_of[key[0]] = (*keys_of.get(key[0], ()), key)
    ordered = dict(sorted(products.items()))
    channels = _channels(files)
    return Assembled(
        version=_version(files, updates),
        products=ordered,
        providers={file.provider.id: _provider(file.provider, channels) for file in files},
        channels=channels,
        names=tuple(_names(files, ordered, library)),
        timelines=timelines,
        keys_of=keys_of,
        currencies=tuple(rate for update in updates for rate in update.currencies),
    )


def _products(file: ProviderFile, library: Mapping[str, tuple[LibraryModel, ...]]) -> Iterator[Product]:
    entries = {entry.id: entry for entry in file.models}
    for part in file.library:
        for model in _own_models(part, library):
            yield _model(file, model.id, entries.get(model.id), (model.name, *model.names))
    for entry in file.models:
        yield _model(file, entry.id, entry, ())
    for plan in file.plans:
        yield Product(
            plan.id, file.id, ProductKind.PLAN, False, plan.names, plan.series or file.series or "", plan.per_seat
        )
    for kind, named in (
        (ProductKind.FAMILY, file.families),
        (ProductKind.FREE_ACCOUNT, file.free_accounts),
        (ProductKind.CREDIT, file.credits),
    ):
        for entry_named in named:
            yield _named(file, kind, entry_named)


def _named(file: ProviderFile, kind: ProductKind, entry: NamedEntry) -> Product:
    open_weights = any(fnmatchcase(entry.id, pattern) for pattern in file.open_weights)
    return Product(entry.id, file.id, kind, open_weights, entry.names, entry.series or file.series or "")


def _model(file: ProviderFile, model: str, entry: ModelEntry | None, library_names: tuple[str, ...]) -> Product:
    stated = entry.open_weights if entry is not None else None
    open_weights = any(fnmatchcase(model, pattern) for pattern in file.open_weights) if stated is None else stated
    series = (entry.series if entry is not None else None) or file.series or ""
    names = (*library_names, *(entry.names if entry is not None else ()))
    return Product(model, file.id, ProductKind.MODEL, open_weights, tuple(dict.fromkeys(names)), series)


def _own_models(part: LibrarySection, library: Mapping[str, tuple[LibraryModel, ...]]) -> Iterator[LibraryModel]:
    for model in library.get(part.section, ()):
        wanted = not part.only or any(fnmatchcase(model.id, pattern) for pattern in part.only)
        if wanted and not any(fnmatchcase(model.id, pattern) for pattern in part.without):
            yield model


def _library_rates(file: ProviderFile, library: Mapping[str, tuple[LibraryModel, ...]]) -> Iterator[Layered]:
    released = {entry.id: entry.released for entry in file.models if entry.released is not None}
    for part in file.library:
        for model in _own_models(part, library):
            since = released.get(model.id)
            for rate in model.rates:
                dated = replace(rate, valid_from=since) if rate.valid_from is None and since is not None else rate
                yield Layered(dated, LIBRARY, f"genai-prices ({part.section})")


def _overlay_rates(file: OverlayFile) -> Iterator[Layered]:
    provider = file.provider
    for model in provider.models:
        for row in model.prices:
            for rate in _model_rates(provider.id, model.id, row):
                yield Layered(rate, OVERLAY, file.name)
    for plan in provider.plans:
        for plan_row in plan.prices:
            yield Layered(_plan_rate(provider.id, plan, plan_row), OVERLAY, file.name)
    for credit in provider.credits:
        yield Layered(_credit_rate(provider, credit), OVERLAY, file.name)


def _model_rates(provider: str, model: str, row: PriceRow) -> Iterator[Rate]:
    for field, unit in MODEL_UNITS.items():
        amount: Decimal | None = getattr(row, field)
        if amount is not None:
            yield Rate(
                product=model,
                provider=provider,
                price=Money(amount, row.currency),
                unit=unit,
                source_url=str(row.source),
                checked_on=row.checked,
                valid_from=row.start if isinstance(row.start, date) else None,
                valid_to=row.end,
                tier=row.tier,
                region=row.region,
                notes=_notes(row.note),
            )


def _plan_rate(provider: str, plan: PlanEntry, row: PlanPriceRow) -> Rate:
    return Rate(
        product=plan.id,
        provider=provider,
        price=Money(row.amount, row.currency),
        unit=Unit.PER_PERIOD,
        source_url=str(row.source),
        checked_on=row.checked,
        valid_from=row.start if isinstance(row.start, date) else None,
        valid_to=row.end,
        tier=row.tier,
        region=row.region,
        period_days=row.period_days,
        notes=_notes(row.note),
    )


def _credit_rate(file: ProviderFile, credit: NamedEntry) -> Rate:
    return Rate(
        product=credit.id,
        provider=file.id,
        price=Money(Decimal(1), "USD"),
        unit=Unit.PER_USD_CREDIT,
        source_url="https://platform.claude.com/docs/en/about-claude/pricing",
        checked_on=None,
        notes=_notes("one dollar of official credit costs one dollar, by definition"),
    )


def _notes(note: str) -> Mapping[str, str]:
    return {"from": "undercut", **({"note": note} if note else {})}


def _update_rates(updates: tuple[RateUpdate, ...], products: Mapping[str, Product]) -> Iterator[Layered]:
    for update in updates:
        for rate in update.prices:
            product = products.get(rate.product)
            if product is None:
                raise RatesFileError(
                    f"{update.name}: no product {rate.product!r}; an update gives prices of known products, "
                    "`undercut rates show` lists the nearest names"
                )
            yield Layered(replace(rate, provider=product.provider), UPDATE, update.name)


def _channels(files: tuple[OverlayFile, ...]) -> tuple[Channel, ...]:
    """Each channel once: rows of several files that differ only in the provider are one channel."""
    merged: dict[Channel, list[str]] = {}
    for file in files:
        for row in file.provider.channels:
            bare = Channel(
                row.name, row.basis, row.domains, (), str(row.source), row.checked, row.start, row.end, row.note
            )
            merged.setdefault(bare, []).append(file.provider.id)
    return tuple(replace(channel, providers=tuple(providers)) for channel, providers in merged.items())


def _provider(file: ProviderFile, channels: tuple[Channel, ...]) -> Provider:
    return Provider(
        id=file.id,
        name=file.name,
        domains=file.domains,
        authorised_channels=tuple(channel for channel in channels if file.id in channel.providers),
        terms=tuple(
            TermsClause(row.document, row.clause, row.gist, str(row.source), row.as_of, row.checked)
            for row in file.terms
        ),
        intake=tuple(
            Intake(row.accepts, str(row.source), row.checked, row.email, str(row.form) if row.form else None, row.note)
            for row in file.intake
        ),
    )


def _names(
    files: tuple[OverlayFile, ...],
    products: Mapping[str, Product],
    library: Mapping[str, tuple[LibraryModel, ...]],
) -> Iterator[tuple[str, str]]:
    """Spellings, the surest first: ids, then what the files say, then what the library says."""
    yield from ((product, product) for product in products)
    for file in files:
        entries: tuple[ModelEntry | PlanEntry | NamedEntry, ...] = (
            *file.provider.models,
            *file.provider.plans,
            *file.provider.families,
            *file.provider.free_accounts,
            *file.provider.credits,
        )
        yield from ((name, entry.id) for entry in entries for name in entry.names)
    for file in files:
        for part in file.provider.library:
            for model in _own_models(part, library):
                yield from ((name, model.id) for name in (model.name, *model.names))


def _dollars(rate: Rate, on: date, currencies: CurrencyTable) -> Decimal:
    """The price in dollars that day; by the table of the day it was checked where that day has none."""
    try:
        return currencies.to_usd(rate.price, on).usd
    except (CurrencyUnknownError, CurrencyRateTooOldError):
        return currencies.to_usd(rate.price, rate.checked_on or on).usd


def _version(files: tuple[OverlayFile, ...], updates: tuple[RateUpdate, ...]) -> str:
    digest = hashlib.sha256()
    for part in (
        f"genai-prices {library_version()}",
        f"hmrc-rates {tables_version()}",
        *(f"{file.name} {hashlib.sha256(file.content).hexdigest()}" for file in files),
        *sorted(update.sha256 for update in updates),
    ):
        digest.update(part.encode() + b"\n")
    return digest.hexdigest()[:12]
