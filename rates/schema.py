"""The shape of a file in `rates/providers/`: what may stand there, checked on load."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, PlainSerializer, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.\-]{0,79}$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.\-]{1,250}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,5}$")]
Region = Annotated[str, StringConstraints(pattern=r"^(global|[A-Z]{2})$")]
TierName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
Amount = Annotated[Decimal, Field(ge=0, le=10**12, allow_inf_nan=False)]
Link = Annotated[HttpUrl, PlainSerializer(str)]
Start = date | Literal["unknown"]
Days = Annotated[int, Field(ge=1, le=3660)]


class Entry(BaseModel):
    """Anything in a file of rates: a key that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Row(Entry):
    """Anything that says where it stands and when that was last read."""

    source: Link
    checked: date


class Priced(Row):
    """What every price row has in common. `to` is the first day on which it no longer holds."""

    start: Start = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    tier: TierName = "standard"
    region: Region = "global"
    currency: Currency = "USD"
    promotion_ends: date | None = None
    note: str = ""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Priced":
        if self.end is not None and isinstance(self.start, date) and self.end <= self.start:
            raise ValueError("ends before it starts; `to` is the first day on which it no longer holds")
        return self


class PriceRow(Priced):
    """Prices of a model from a day on. `above_input_tokens` is where a long-context price begins."""

    above_input_tokens: int | None = None
    per_mtok_in: Amount | None = None
    per_mtok_out: Amount | None = None
    per_mtok_cache_read: Amount | None = None
    per_mtok_cache_write: Amount | None = None
    per_call: Amount | None = None

    @model_validator(mode="after")
    def _says_a_price(self) -> "PriceRow":
        amounts = (self.per_mtok_in, self.per_mtok_out, self.per_mtok_cache_read, self.per_mtok_cache_write)
        if all(amount is None for amount in (*amounts, self.per_call)):
            raise ValueError("gives no price; add per_mtok_in, per_mtok_out or another")
        return self


class PlanPriceRow(Priced):
    """The price of a plan from a day on, for one period (of one seat where the plan is sold per seat)."""

    amount: Amount
    period_days: Days = 30


class ModelEntry(Entry):
    """A model: what the library lacks of it, or all of it.

    `released` dates the library's undated prices; `released_source` says where that stands.
    """

    id: Identifier
    names: tuple[str, ...] = ()
    series: Identifier | None = None
    open_weights: bool | None = None
    released: date | None = None
    released_source: Link | None = None
    prices: tuple[PriceRow, ...] = ()

    @model_validator(mode="after")
    def _says_where_the_release_stands(self) -> "ModelEntry":
        if (self.released is None) != (self.released_source is None):
            raise ValueError("`released` and `released_source` go together")
        return self


class PlanEntry(Entry):
    """A subscription. `no_price` says why one without price rows is listed all the same."""

    id: Identifier
    names: tuple[str, ...]
    series: Identifier | None = None
    per_seat: bool = False
    prices: tuple[PlanPriceRow, ...] = ()
    no_price: str = ""

    @model_validator(mode="after")
    def _has_a_price_or_a_reason(self) -> "PlanEntry":
        if bool(self.prices) == bool(self.no_price):
            raise ValueError("give either price rows or, in `no_price`, the reason why there are none")
        return self


class NamedEntry(Entry):
    """A family without a version, or a free account."""

    id: Identifier
    names: tuple[str, ...]
    series: Identifier | None = None


class CreditEntry(Row):
    """Prepaid credit: one dollar of it costs one dollar."""

    id: Identifier
    names: tuple[str, ...]
    series: Identifier | None = None


class LibrarySection(Entry):
    """Which part of the price library is this provider's own; patterns are of its model ids in small letters."""

    section: str
    region: Region = "global"
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    series: Identifier | None = None


class DerivedTier(Row):
    """A tier that is a fixed part of the standard price from a day on, such as a batch interface at half price."""

    tier: TierName
    factor: Annotated[Decimal, Field(gt=0, le=10)]
    start: date = Field(alias="from")
    models: tuple[str, ...]


class ChannelRow(Row):
    """Someone who may sell this provider's access."""

    name: str
    basis: Literal["first_party", "cloud", "gateway", "tool", "reseller"]
    domains: tuple[Domain, ...]
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    note: str = ""


class TermsRow(Row):
    """A clause that resale breaks; `gist` says it in our words."""

    document: str
    clause: str
    gist: str
    as_of: date


class IntakeRow(Row):
    """A way to report resale."""

    email: str | None = None
    form: Link | None = None
    accepts: tuple[str, ...]
    note: str = ""


class ProviderFile(Entry):
    """One provider: everything that is known of what it sells."""

    id: Identifier
    name: str
    domains: tuple[Domain, ...]
    series: Identifier | None = None
    sources: dict[str, dict[str, str | date]] = Field(default_factory=dict, description="Anchors for the rows below.")
    library: tuple[LibrarySection, ...] = ()
    open_weights: tuple[str, ...] = ()
    derived_tiers: tuple[DerivedTier, ...] = ()
    families: tuple[NamedEntry, ...] = ()
    free_accounts: tuple[NamedEntry, ...] = ()
    credits: tuple[CreditEntry, ...] = ()
    models: tuple[ModelEntry, ...] = ()
    plans: tuple[PlanEntry, ...] = ()
    channels: tuple[ChannelRow, ...] = ()
    terms: tuple[TermsRow, ...] = ()
    intake: tuple[IntakeRow, ...] = ()
