"""Prices and currency rates brought up to date without a new release.

A file of updates is YAML or JSON; `docs/how-to/update-rates.md` shows one. Parsing is pure: where the file comes from
and where it is kept is decided elsewhere. Updates are appended to what is shipped and never overwrite it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from domain.money import Money
from domain.offer import Unit
from domain.rate import Rate
from rates.errors import RatesFileError
from rates.fx import DatedCurrencyRate
from rates.overlay import describe, load_yaml
from rates.schema import Amount, Currency, Entry, Identifier, Region, Row, TierName

MOST_BYTES = 4_000_000


class _PriceUpdate(Row):
    product: Identifier
    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    unit: Unit
    amount: Amount
    currency: Currency = "USD"
    tier: TierName = "standard"
    region: Region = "global"
    period_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    note: str = ""


class _CurrencyUpdate(Row):
    currency: Currency
    start: date = Field(alias="from")
    units_per_usd: Annotated[Decimal, Field(ge=Decimal("1E-9"), le=10**12, allow_inf_nan=False)]
    assumption: str = ""


class UpdateFile(Entry):
    """The file as it stands: `undercut_rates` is the version of the format."""

    undercut_rates: Literal[1]
    prices: tuple[_PriceUpdate, ...] = ()
    currencies: tuple[_CurrencyUpdate, ...] = ()


@dataclass(frozen=True, slots=True)
class RateUpdate:
    """One file of updates, validated: prices and currency rates to append, and the digest of its content."""

    name: str
    sha256: str
    prices: tuple[Rate, ...] = ()
    currencies: tuple[DatedCurrencyRate, ...] = ()


def parse_update(name: str, content: bytes) -> RateUpdate:
    """A file's content as an update; raises RatesFileError that names the file, the row and the mend."""
    if len(content) > MOST_BYTES:
        raise RatesFileError(f"{name}: {len(content)} bytes; an update holds at most {MOST_BYTES}, split it")
    document = load_yaml(name, content)
    try:
        file = UpdateFile.model_validate(document)
    except ValidationError as error:
        raise RatesFileError("\n".join(describe(name, error, document))) from error
    return RateUpdate(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        prices=tuple(_rates(file)),
        currencies=tuple(
            DatedCurrencyRate(row.currency, row.units_per_usd, row.start, str(row.source), row.checked, row.assumption)
            for row in file.currencies
        ),
    )


def _rates(file: UpdateFile) -> Iterator[Rate]:
    for row in file.prices:
        notes: Mapping[str, str] = {"from": "update", **({"note": row.note} if row.note else {})}
        yield Rate(
            product=row.product,
            provider="",
            price=Money(row.amount, row.currency),
            unit=row.unit,
            source_url=str(row.source),
            checked_on=row.checked,
            valid_from=row.start,
            valid_to=row.end,
            tier=row.tier,
            region=row.region,
            period_days=row.period_days,
            notes=notes,
        )
