"""Laying the price library, the shipped files and the updates over one another into one set of tables."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from domain.rate import Rate
from rates.catalogue import Channel, Intake, Product, ProductKind, Provider, TermsClause
from rates.errors import RatesFileError
from rates.fx import DatedCurrencyRate, tables_version
from rates.layers import Library, derived_rates, library_rates, overlay_rates, own_models, update_rates
from rates.library import library_version, read_library
from rates.lookup import Key, Layered, build_timelines
from rates.overlay import OverlayFile, named_entries, read_overlay
from rates.schema import CreditEntry, ModelEntry, NamedEntry, ProviderFile
from rates.updates import RateUpdate


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


def assemble(updates: tuple[RateUpdate, ...] = (), files: tuple[OverlayFile, ...] | None = None) -> Assembled:
    """All tables; raises RatesFileError or ContradictionError that name the rows and the mend."""
    files = read_overlay() if files is None else files
    library = read_library(
        {part.section: (file.provider.id, part.region) for file in files for part in file.provider.library}
    )
    products = _all_products(files, library)
    timelines = build_timelines(_all_rates(files, library, updates, products))
    keys_of: dict[str, tuple[Key, ...]] = {}
    for key in sorted(timelines):
        keys_of[key[0]] = (*keys_of.get(key[0], ()), key)
    channels = _channels(files)
    return Assembled(
        version=_version(files, updates),
        products=products,
        providers={file.provider.id: _provider(file.provider, channels) for file in files},
        channels=channels,
        names=tuple(dict.fromkeys(_names(files, products))),
        timelines=timelines,
        keys_of=keys_of,
        currencies=tuple(rate for update in updates for rate in update.currencies),
    )


def _all_rates(
    files: tuple[OverlayFile, ...],
    library: Library,
    updates: tuple[RateUpdate, ...],
    products: Mapping[str, Product],
) -> Iterator[Layered]:
    updated = tuple(update_rates(updates, products))
    yield from updated
    for file in files:
        rows = (*library_rates(file.provider, library), *overlay_rates(file))
        yield from rows
        yield from derived_rates(file.provider, (*rows, *updated))


def _all_products(files: tuple[OverlayFile, ...], library: Library) -> Mapping[str, Product]:
    products: dict[str, Product] = {}
    for file in files:
        for product in _products(file.provider, library):
            known = products.get(product.id)
            if known is not None and (known.provider, known.kind) != (product.provider, product.kind):
                raise RatesFileError(
                    f"{file.name}: {product.id} is already a {known.kind} of {known.provider}; give it another id"
                )
            products[product.id] = product
    return dict(sorted(products.items()))


def _products(file: ProviderFile, library: Library) -> Iterator[Product]:
    entries = {entry.id: entry for entry in file.models}
    for part in file.library:
        for model in own_models(part, library):
            yield _model(file, model.id, entries.get(model.id), (model.name, *model.names), part.series)
    told = {model.id for part in file.library for model in own_models(part, library)}
    for entry in file.models:
        if entry.id not in told:
            yield _model(file, entry.id, entry, (), None)
    for plan in file.plans:
        series = plan.series or file.series or ""
        yield Product(plan.id, file.id, ProductKind.PLAN, False, plan.names, series, plan.per_seat)
    for kind, named in (
        (ProductKind.FAMILY, file.families),
        (ProductKind.FREE_ACCOUNT, file.free_accounts),
        (ProductKind.CREDIT, file.credits),
    ):
        for name in named:
            yield _named(file, kind, name)


def _named(file: ProviderFile, kind: ProductKind, entry: NamedEntry | CreditEntry) -> Product:
    open_weights = kind is ProductKind.FAMILY and _matches(entry.id, file.open_weights)
    return Product(entry.id, file.id, kind, open_weights, entry.names, entry.series or file.series or "")


def _model(
    file: ProviderFile, model: str, entry: ModelEntry | None, library_names: tuple[str, ...], series: str | None
) -> Product:
    stated = None if entry is None else entry.open_weights
    ours = () if entry is None else entry.names
    return Product(
        id=model,
        provider=file.id,
        kind=ProductKind.MODEL,
        open_weights=_matches(model, file.open_weights) if stated is None else stated,
        names=tuple(dict.fromkeys((*library_names[:1], *ours, *library_names[1:]))),
        series=(None if entry is None else entry.series) or series or file.series or "",
    )


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


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


def _names(files: tuple[OverlayFile, ...], products: Mapping[str, Product]) -> Iterator[tuple[str, str]]:
    """Spellings, the surest first: ids, then what the files say, then what the library says."""
    yield from ((product, product) for product in products)
    for file in files:
        yield from ((name, entry.id) for entry in named_entries(file.provider) for name in entry.names)
    for product in products.values():
        yield from ((name, product.id) for name in product.names)


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
