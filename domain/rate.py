"""One official price: what a provider itself charges, for what, where, since when, and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.money import Money
from domain.offer import Unit


@dataclass(frozen=True, slots=True)
class Rate:
    """One official price with its validity in time.

    `product` is a model or plan id, `unit` what the price buys (a plan's unit is `per_period` with `period_days`).
    `tier` is `standard`, or `batch`, `long_context`, `off_peak`, `app_store` and the like; `region` an ISO 3166
    code or `global`. `valid_from` is None where the library does not say ("validity unknown"); `valid_to` is the
    first day on which it no longer holds. `source_url` is where it stands, `checked_on` when that was last read.
    """

    product: str
    provider: str
    price: Money
    unit: Unit
    source_url: str
    checked_on: date | None
    valid_from: date | None = None
    valid_to: date | None = None
    tier: str = "standard"
    region: str = "global"
    period_days: int | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
