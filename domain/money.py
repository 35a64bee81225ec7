"""Money is an exact amount with its currency; nothing here ever touches a float."""

from dataclasses import dataclass
from decimal import Decimal

from domain.errors import UndercutError
from domain.values import quickly_made


class CurrencyError(UndercutError):
    """Amounts of two currencies met, or a code is not a currency code."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency.

    `currency` is an ISO 4217 code, or `USDT` or `USDC`, in capitals.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not (3 <= len(self.currency) <= 5 and self.currency.isascii() and self.currency.isupper()):
            raise CurrencyError(f"not a currency code: {self.currency!r}; use ISO 4217, USDT or USDC")
        if not self.amount.is_finite():
            raise CurrencyError(f"not a finite amount: {self.amount} {self.currency}")

    def times(self, factor: Decimal) -> "Money":
        """This amount `factor` times."""
        return Money(self.amount * factor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"
