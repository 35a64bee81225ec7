"""Prices in US dollars on a day, with what had to be assumed, or the refusal."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.comparison import Refusal
from domain.money import Money
from domain.values import quickly_made
from rates.book import RateBook
from rates.errors import CurrencyRateTooOldError, CurrencyUnknownError


@quickly_made
@dataclass(frozen=True, slots=True)
class InDollars:
    """An amount in US dollars, or why there is none."""

    usd: Decimal | None
    refusal: Refusal | None = None
    assumptions: tuple[str, ...] = ()


def in_dollars(money: Money | None, rates: RateBook, on: date) -> InDollars:
    """The amount in dollars on that day."""
    if money is None:
        return InDollars(None, Refusal.NO_PRICE)
    if money.currency == "USD":
        return InDollars(money.amount)
    try:
        converted = rates.to_usd(money, on)
    except (CurrencyUnknownError, CurrencyRateTooOldError) as error:
        return InDollars(None, Refusal.CURRENCY_UNKNOWN, (str(error),))
    return InDollars(converted.usd, None, converted.assumptions)
