"""What a person should look at in the rates: old rows, gaps, overlaps, names that collide, terms that are missing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from rates.assemble import Assembled, assemble
from rates.catalogue import GENERIC_PROVIDER
from rates.names import fold
from rates.overlay import OverlayFile, named_entries, read_overlay
from rates.schema import ModelEntry, PlanEntry, PlanPriceRow, PriceRow, ProviderFile, Row
from rates.updates import RateUpdate

OLDEST_CHECK_DAYS = 90


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to look at: its kind (`not_checked`, `gap`, `overlap`, `name_collides`, ...), where, what, the mend."""

    kind: str
    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


def check_rates(
    on: date, updates: tuple[RateUpdate, ...] = (), files: tuple[OverlayFile, ...] | None = None
) -> tuple[Problem, ...]:
    """Everything to look at on that day; raises the errors of loading where the rates cannot even be read."""
    files = read_overlay() if files is None else files
    assembled = assemble(updates, files)
    return (
        *_not_checked(files, on),
        *_gaps(assembled),
        *_overlaps(files),
        *_colliding_names(files),
        *_without_provider(assembled),
        *_without_price(files, assembled),
        *_without_terms(files),
    )


def _not_checked(files: Iterable[OverlayFile], on: date) -> Iterator[Problem]:
    for file in files:
        seen: dict[tuple[str, date], int] = {}
        for row in _all_rows(file.provider):
            if (on - row.checked).days > OLDEST_CHECK_DAYS:
                key = (str(row.source), row.checked)
                seen[key] = seen.get(key, 0) + 1
        for (source, checked), count in seen.items():
            what = f"{count} row{'s' if count > 1 else ''} last checked on {checked}, {(on - checked).days} days ago"
            yield Problem("not_checked", file.name, what, f"read {source} again and append what changed")


def _all_rows(file: ProviderFile) -> Iterator[Row]:
    yield from _price_rows(file)
    yield from (*file.derived_tiers, *file.credits, *file.channels, *file.terms, *file.intake)


def _price_rows(file: ProviderFile) -> Iterator[PriceRow | PlanPriceRow]:
    for model in file.models:
        yield from model.prices
    for plan in file.plans:
        yield from plan.prices


def _gaps(assembled: Assembled) -> Iterator[Problem]:
    for (product, unit, tier, region), timeline in assembled.timelines.items():
        for later, earlier in pairwise(timeline):
            if earlier.valid_to is not None and later.valid_from is not None and earlier.valid_to < later.valid_from:
                yield Problem(
                    "gap",
                    product,
                    f"no price for {unit} (tier {tier}, region {region}) from {earlier.valid_to} to {later.valid_from}",
                    "append the row that is missing, or correct the days",
                )


def _overlaps(files: Iterable[OverlayFile]) -> Iterator[Problem]:
    for file in files:
        priced: tuple[ModelEntry | PlanEntry, ...] = (*file.provider.models, *file.provider.plans)
        for entry in priced:
            rows: dict[tuple[str, str, bool], list[PriceRow | PlanPriceRow]] = {}
            for row in entry.prices:
                # Rows of cache prices alone stand beside the others and do not replace them.
                whole = not isinstance(row, PriceRow) or row.per_mtok_in is not None or row.per_mtok_out is not None
                rows.setdefault((row.tier, row.region, whole), []).append(row)
            for (tier, region, _), series in rows.items():
                yield from _overlaps_of(file.name, f"{entry.id} (tier {tier}, region {region})", series)


def _overlaps_of(file: str, what: str, series: list[PriceRow | PlanPriceRow]) -> Iterator[Problem]:
    def begins(row: PriceRow | PlanPriceRow) -> date:
        return row.start if isinstance(row.start, date) else date.min

    for earlier, later in pairwise(sorted(series, key=begins)):
        if earlier.end is not None and earlier.end > begins(later):
            yield Problem(
                "overlap",
                file,
                f"{what}: the row from {earlier.start} to {earlier.end} runs into that from {later.start}",
                "end the earlier row on the day the later begins",
            )


def _colliding_names(files: Iterable[OverlayFile]) -> Iterator[Problem]:
    """Among the names that the files give; those of the library give way to them anyway."""
    first: dict[str, tuple[str, str]] = {}
    for file in files:
        for entry in named_entries(file.provider):
            for spelling in (entry.id, *entry.names):
                name, owner = first.setdefault(fold(spelling), (spelling, entry.id))
                if owner != entry.id:
                    what = f"the name {spelling!r} of {entry.id} is read as {owner} ({name!r})"
                    yield Problem("name_collides", file.name, what, "take it off one of them")


def _without_provider(assembled: Assembled) -> Iterator[Problem]:
    for product in assembled.products.values():
        if product.provider not in assembled.providers:
            yield Problem("no_provider", product.id, f"no provider {product.provider!r}", "add the provider's file")


def _without_price(files: Iterable[OverlayFile], assembled: Assembled) -> Iterator[Problem]:
    for file in files:
        for model in file.provider.models:
            if model.id not in assembled.keys_of and not assembled.products[model.id].open_weights:
                what = f"neither the library nor a row gives {model.id} a price"
                yield Problem("no_price", file.name, what, "add a row or correct the id")


def _without_terms(files: Iterable[OverlayFile]) -> Iterator[Problem]:
    for file in files:
        if file.provider.id == GENERIC_PROVIDER:
            continue
        if not file.provider.terms:
            yield Problem("no_terms", file.name, "no clause that resale breaks", "add the clause with its day and link")
        if not file.provider.intake:
            yield Problem("no_intake", file.name, "no way to report resale", "add an address or form with its link")
        if not file.provider.channels:
            yield Problem("no_channel", file.name, "no authorised channel, not even its own", "add the provider itself")
