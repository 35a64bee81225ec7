"""An offer against the official price: an interval with assumptions, or a named refusal. No price beats a wrong one."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.errors import UndercutError
from domain.rate import Rate
from domain.values import quickly_made


class Refusal(StrEnum):
    """Why no share of the official price is given."""

    MODEL_UNKNOWN = "model_unknown"
    UNIT_UNKNOWN = "unit_unknown"
    CURRENCY_UNKNOWN = "currency_unknown"
    OPAQUE_CREDIT = "opaque_credit"
    CONTRADICTION = "contradiction"
    NO_PRICE = "no_price"


class IntervalError(UndercutError):
    """An interval's ends do not enclose its best value."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Share:
    """A share of the official price (0.11 is eleven percent of it): best value within low and high."""

    low: Decimal
    best: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.best <= self.high:
            raise IntervalError(f"share out of order: {self.low} <= {self.best} <= {self.high} does not hold")


@quickly_made
@dataclass(frozen=True, slots=True)
class Comparison:
    """What an offer costs as a share of `official`; exactly one of `share` and `refusal` is given."""

    share: Share | None
    refusal: Refusal | None
    official: Rate | None = None
    assumptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.share is None) == (self.refusal is None):
            raise IntervalError("a comparison gives either a share or a refusal, not both and not neither")
