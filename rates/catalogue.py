"""What is officially sold and by whom: products, providers, and the channels and terms that go with them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

GENERIC_PROVIDER = "any"
"""The provider of products that name nobody, such as a relay's credit."""


class ProductKind(StrEnum):
    """What kind of thing a product is."""

    MODEL = "model"
    PLAN = "plan"
    CREDIT = "credit"
    FREE_ACCOUNT = "free_account"
    FAMILY = "family"
    """A name without a version (`claude`): it says whose access is sold, and has no price of its own."""


@dataclass(frozen=True, slots=True)
class Product:
    """One thing that a provider sells or gives away.

    `names` are the spellings it goes by, the official one first. `series` is the family without a version
    (`claude`, `gpt`). `open_weights` says that anyone may host it. `seats` says that the plan is sold per seat.
    """

    id: str
    provider: str
    kind: ProductKind
    open_weights: bool = False
    names: tuple[str, ...] = ()
    series: str = ""
    per_seat: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """Someone who may sell a provider's access, with the days on which that was so.

    `domains` are the registrable domains it sells on. `basis` says what makes it one (`first_party`, `cloud`,
    `gateway`, `tool`). `valid_from` and `valid_to` are None where no day is known; `valid_to` is the first day on
    which it no longer holds.
    """

    name: str
    basis: str
    domains: tuple[str, ...]
    providers: tuple[str, ...]
    source_url: str
    checked_on: date
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""

    def holds(self, on: date) -> bool:
        """Was it a channel on that day, as far as is known?"""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class TermsClause:
    """A clause of a provider's terms that resale breaks, as it stood on `as_of`; `gist` is in our words."""

    document: str
    clause: str
    gist: str
    url: str
    as_of: date
    checked_on: date


@dataclass(frozen=True, slots=True)
class Intake:
    """How a provider takes reports. `email` and `form_url` are None where none is known."""

    accepts: tuple[str, ...]
    source_url: str
    checked_on: date
    email: str | None = None
    form_url: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who makes and sells models or plans. `domains` are its own registrable domains."""

    id: str
    name: str
    domains: tuple[str, ...]
    authorised_channels: tuple[Channel, ...] = ()
    terms: tuple[TermsClause, ...] = ()
    intake: tuple[Intake, ...] = ()
