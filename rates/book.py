"""The book of official prices: what is sold, by whom, for how much on a day. Loaded once, never changed."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from domain.money import Money
from domain.offer import Unit
from domain.rate import Rate
from rates.assemble import Assembled, assemble
from rates.catalogue import Channel, Product, ProductKind, Provider
from rates.errors import (
    CurrencyRateTooOldError,
    CurrencyUnknownError,
    NoRateError,
    UnknownProductError,
    UnknownProviderError,
)
from rates.fx import Converted, CurrencyTable
from rates.lookup import rate_on
from rates.names import NameIndex, nearest
from rates.updates import RateUpdate

STANDARD = "standard"
GLOBAL = "global"
DAYS_OF_A_MONTH = range(28, 32)
FLOOR_TIERS = frozenset({STANDARD, "app_store"})


class RateBook:
    """Official prices on a date. Immutable: what it has worked out it may remember, what it says never changes."""

    def __init__(self, assembled: Assembled, currencies: CurrencyTable) -> None:
        self._assembled = assembled
        self._currencies = currencies
        plans = frozenset(product.id for product in assembled.products.values() if product.kind is ProductKind.PLAN)
        self._names = NameIndex(assembled.names, plans)
        self._floor = lru_cache(maxsize=4096)(self._find_floor)

    @property
    def version(self) -> str:
        """A short digest over the shipped files, the libraries' versions and the updates."""
        return self._assembled.version

    def find(self, product: str, on: date, unit: Unit, *, tier: str = STANDARD, region: str = GLOBAL) -> Rate | None:
        """The official price of one unit of a product on that day, None where there is none."""
        timeline = self._assembled.timelines.get((product, unit, tier, region))
        return rate_on(timeline, on) if timeline is not None else None

    def lookup(self, product: str, on: date, unit: Unit, *, tier: str = STANDARD, region: str = GLOBAL) -> Rate:
        """As `find`, but raises UnknownProductError (with the nearest names) or NoRateError (with what there is)."""
        found = self.find(product, on, unit, tier=tier, region=region)
        if found is not None:
            return found
        if product not in self._assembled.products:
            raise self._unknown(product)
        there_is = sorted({f"{rate.unit} ({rate.tier}, {rate.region})" for rate in self.rates(product, on)})
        raise NoRateError(
            f"no price of {product} for {unit} (tier {tier}, region {region}) on {on}; "
            + (f"on that day there is: {'; '.join(there_is)}" if there_is else "on that day it has no price at all")
        )

    def rates(self, product: str, on: date) -> tuple[Rate, ...]:
        """Every row of the product that holds that day: all units, tiers and regions; raises UnknownProductError."""
        if product not in self._assembled.products:
            raise self._unknown(product)
        keys = self._assembled.keys_of.get(product, ())
        found = (rate_on(self._assembled.timelines[key], on) for key in keys)
        return tuple(rate for rate in found if rate is not None)

    def history(self, product: str) -> tuple[Rate, ...]:
        """Every row of the product on any day, newest first within a unit, tier and region."""
        if product not in self._assembled.products:
            raise self._unknown(product)
        keys = self._assembled.keys_of.get(product, ())
        return tuple(rate for key in keys for rate in self._assembled.timelines[key])

    def product(self, product_id: str) -> Product | None:
        """The product of that id."""
        return self._assembled.products.get(product_id)

    def products(self) -> tuple[Product, ...]:
        """Every product, in order of id."""
        return tuple(self._assembled.products.values())

    def resolve(self, stated_name: str) -> str | None:
        """From any spelling of a product's name to its id, None where it is not known; never raises."""
        return self._names.resolve(stated_name)

    def aliases(self) -> Iterable[tuple[str, str]]:
        """Every spelling of every product with the product's id, for a lexicon."""
        return self._assembled.names

    def provider(self, provider_id: str) -> Provider:
        """The provider of that id; raises UnknownProviderError."""
        found = self._assembled.providers.get(provider_id)
        if found is None:
            known = ", ".join(self._assembled.providers)
            raise UnknownProviderError(f"no provider {provider_id!r}; known are: {known}")
        return found

    def providers(self) -> tuple[Provider, ...]:
        """Every provider, in order of id."""
        return tuple(self._assembled.providers.values())

    def channels(self) -> tuple[Channel, ...]:
        """Every authorised channel, each once, with all the providers whose access it may sell."""
        return self._assembled.channels

    def regional_floor(self, plan: str, on: date) -> Rate | None:
        """The lowest official regional price of a plan that day (per thirty days, in dollars), None without one."""
        return self._floor(plan, on)

    def _find_floor(self, plan: str, on: date) -> Rate | None:
        keys = (key for key in self._assembled.keys_of.get(plan, ()) if key[1] is Unit.PER_PERIOD)
        rates = (rate_on(self._assembled.timelines[key], on) for key in keys if key[2] in FLOOR_TIERS)
        monthly = [rate for rate in rates if rate is not None and rate.period_days in DAYS_OF_A_MONTH]
        return min(monthly, key=lambda rate: self._dollars(rate, on), default=None)

    def _dollars(self, rate: Rate, on: date) -> Decimal:
        """The price in dollars that day; by the table of the day it was checked where that day has none."""
        try:
            return self.to_usd(rate.price, on).usd
        except (CurrencyUnknownError, CurrencyRateTooOldError):
            return self.to_usd(rate.price, rate.checked_on or on).usd

    def to_usd(self, money: Money, on: date) -> Converted:
        """An amount in US dollars on that day; raises CurrencyUnknownError or CurrencyRateTooOldError."""
        return self._currencies.to_usd(money, on)

    def _unknown(self, product: str) -> UnknownProductError:
        close = nearest(product, self._assembled.products)
        hint = f"; nearest names: {', '.join(close)}" if close else ""
        return UnknownProductError(f"no product {product[:80]!r} in the rates{hint}")


def load_rate_book(updates: Sequence[RateUpdate] = ()) -> RateBook:
    """The book from the price library, the shipped files and the updates; opens no connection.

    Takes about a second the first time in a process, since the price library has to be loaded.
    """
    assembled = assemble(tuple(updates))
    return RateBook(assembled, CurrencyTable(assembled.currencies))
