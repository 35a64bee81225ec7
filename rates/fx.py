"""Currency rates on a date: monthly, dated, exact; a rate that is missing or too old is refused by name.

The base is HMRC's monthly table as shipped by `hmrc-rates` (units of a currency per pound), crossed to US dollars.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache
from importlib.metadata import version

import hmrc_rates

from domain.money import Money
from domain.values import quickly_made
from rates.errors import ContradictionError, CurrencyRateTooOldError, CurrencyUnknownError

MONTHS_BACK = 3
PEGGED = frozenset({"USDT", "USDC"})
TOMAN, RIAL, RIALS_IN_A_TOMAN = "IRT", "IRR", Decimal(10)
EARLIEST = date(2000, 1, 1)
TWELVE_DIGITS = Context(prec=12)
"""Rates are rounded to twelve significant digits, so that a dong keeps as many of them as a pound."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in US dollars: `usd` = amount times `rate` (dollars for one unit), by the table of `rate_month`.

    `rate_month` is `YYYY-MM`, or None where no table was needed (dollars, and coins pegged to it).
    """

    usd: Decimal
    rate: Decimal
    rate_month: str | None
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatedCurrencyRate:
    """A currency rate that somebody added: how many units one US dollar bought from `valid_from` on."""

    currency: str
    units_per_usd: Decimal
    valid_from: date
    source_url: str
    checked_on: date
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class _OneUnit:
    """What one unit of a currency is worth in US dollars, and why."""

    usd: Decimal
    month: str | None
    assumptions: tuple[str, ...]


def tables_version() -> str:
    """The version of the shipped currency tables."""
    return version("hmrc-rates")


def months_between(earlier: date, later: date) -> int:
    """Whole calendar months from `earlier` to `later`."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


class CurrencyTable:
    """Converts to US dollars on a day; immutable, and remembers what it worked out."""

    def __init__(self, added: tuple[DatedCurrencyRate, ...] = ()) -> None:
        self._shipped = hmrc_rates.Rates()
        self._added = _by_currency(added)
        self._by_the_day = {*self._added, *((TOMAN,) if RIAL in self._added else ())}
        self._one_unit = lru_cache(maxsize=4096)(self._work_out)

    def to_usd(self, money: Money, on: date) -> Converted:
        """The amount in US dollars on that day.

        Raises CurrencyUnknownError where no table has the currency, and CurrencyRateTooOldError where the newest
        table that has it is more than three months older than the day.
        """
        one = self._one_unit(money.currency, on.replace(day=1), on if money.currency in self._by_the_day else None)
        return Converted(money.amount * one.usd, one.usd, one.month, one.assumptions)

    def _work_out(self, currency: str, month: date, day: date | None) -> _OneUnit:
        if currency == "USD":
            return _OneUnit(Decimal(1), None, ())
        if currency in PEGGED:
            return _OneUnit(Decimal(1), None, (f"1 {currency} taken as 1 USD, its peg",))
        if currency == TOMAN:
            rial = self._work_out(RIAL, month, day)
            return _OneUnit(rial.usd * RIALS_IN_A_TOMAN, rial.month, (*rial.assumptions, "1 toman is 10 rials"))
        added = self._newest_added(currency, day)
        shipped_month = self._newest_shipped(currency, month)
        if added is not None and (shipped_month is None or added.valid_from >= shipped_month):
            return _from_added(added, month)
        if shipped_month is None:
            raise self._refusal(currency, month)
        return self._from_shipped(currency, shipped_month, month)

    def _newest_added(self, currency: str, day: date | None) -> DatedCurrencyRate | None:
        if day is None:
            return None
        return next(
            (
                rate
                for rate in self._added[currency]
                if rate.valid_from <= day and months_between(rate.valid_from, day) <= MONTHS_BACK
            ),
            None,
        )

    def _newest_shipped(self, currency: str, month: date) -> date | None:
        if month < EARLIEST:
            return None
        for back in range(MONTHS_BACK + 1):
            tried = _month_before(month, back)
            if self._units_per_gbp(currency, tried) is not None and self._units_per_gbp("USD", tried) is not None:
                return tried
        return None

    def _from_shipped(self, currency: str, table: date, month: date) -> _OneUnit:
        usd_per_gbp, units_per_gbp = self._units_per_gbp("USD", table), self._units_per_gbp(currency, table)
        if usd_per_gbp is None or units_per_gbp is None:
            raise self._refusal(currency, month)
        late = months_between(table, month)
        assumptions = () if late == 0 else (_stale(currency, f"{table:%Y-%m}", late),)
        rate = TWELVE_DIGITS.divide(usd_per_gbp, units_per_gbp)
        return _OneUnit(rate, f"{table:%Y-%m}", assumptions)

    def _units_per_gbp(self, currency: str, month: date) -> Decimal | None:
        if currency == "GBP":
            return Decimal(1)
        try:
            return self._shipped.monthly_rate(currency, f"{month:%Y-%m}").units_per_gbp
        except hmrc_rates.HmrcRatesError:
            return None

    def _refusal(self, currency: str, month: date) -> CurrencyUnknownError | CurrencyRateTooOldError:
        shipped = (date(when.year, when.month, 1) for when in reversed(self._shipped.months()))
        newest = next((when for when in shipped if when < month and self._units_per_gbp(currency, when)), None)
        newest = max(
            (rate.valid_from for rate in self._added.get(currency, ()) if rate.valid_from < month), default=newest
        )
        if newest is not None:
            return CurrencyRateTooOldError(
                f"the newest rate of {currency} is of {newest:%Y-%m}, more than {MONTHS_BACK} months before "
                f"{month:%Y-%m}; bring the rates up to date (`undercut rates update`)"
            )
        return CurrencyUnknownError(
            f"no rate for the currency {currency} on or before {month:%Y-%m}; "
            "add a dated one with its source through `undercut rates update`"
        )


def _by_currency(added: tuple[DatedCurrencyRate, ...]) -> Mapping[str, tuple[DatedCurrencyRate, ...]]:
    """Newest first, by currency; raises ContradictionError for two rates of one currency from one day."""
    ordered: dict[str, tuple[DatedCurrencyRate, ...]] = {}
    for rate in sorted(added, key=lambda each: each.valid_from, reverse=True):
        known = ordered.get(rate.currency, ())
        if known and known[-1].valid_from == rate.valid_from and known[-1].units_per_usd != rate.units_per_usd:
            raise ContradictionError(
                f"two rates of {rate.currency} from {rate.valid_from}: {known[-1].units_per_usd} to the dollar "
                f"({known[-1].source_url}) and {rate.units_per_usd} ({rate.source_url}); keep the true one"
            )
        ordered[rate.currency] = (*known, rate)
    return ordered


def _from_added(rate: DatedCurrencyRate, month: date) -> _OneUnit:
    late = months_between(rate.valid_from, month)
    assumptions = tuple(
        said
        for said in (rate.assumption, _stale(rate.currency, f"{rate.valid_from}", late) if late > 0 else "")
        if said
    )
    return _OneUnit(TWELVE_DIGITS.divide(Decimal(1), rate.units_per_usd), f"{rate.valid_from:%Y-%m}", assumptions)


def _stale(currency: str, table: str, months: int) -> str:
    return f"{currency} at the rate of {table}, the newest known, {months} month{'s' if months > 1 else ''} earlier"


def _month_before(month: date, back: int) -> date:
    index = month.year * 12 + month.month - 1 - back
    return date(index // 12, index % 12 + 1, 1)
