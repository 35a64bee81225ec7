"""What can go wrong with official prices; every message says what, where, and how to mend it."""

from domain.errors import UndercutError


class RatesError(UndercutError):
    """The root of every error about official prices."""


class UnknownProductError(RatesError):
    """A product id or name that the rates do not know; the message lists the nearest names."""


class NoRateError(RatesError):
    """The product is known, but has no such price on that day."""


class UnknownProviderError(RatesError):
    """A provider id that the rates do not know."""


class CurrencyUnknownError(RatesError):
    """No rate at all for a currency: it is refused by name, never guessed."""


class CurrencyRateTooOldError(RatesError):
    """The newest rate of a currency is more than three months older than the day asked for."""


class RatesFileError(RatesError):
    """A file of rates is not as it should be; the message names the file, the row and the mend."""


class ContradictionError(RatesError):
    """Two rows state different prices for the same thing on the same day; the message names both."""
