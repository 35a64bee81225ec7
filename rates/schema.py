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
Amount = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Link = Annotated[HttpUrl, PlainSerializer(str)]
Start = date | Literal["unknown"]


class Row(BaseModel):
    """Anything that says where it stands and when that was last read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: Link
    checked: date


class PriceRow(Row):
    """Prices of a model from a day on."""

    start: Start = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    tier: TierName = "standard"
    region: Region = "global"
    currency: Currency = "USD"
    per_mtok_in: Amount | None = None
    per_mtok_out: Amount | None = None
    per_mtok_cache_read: Amount | None = None
    per_mtok_cache_write: Amount | None = None
    per_call: Amount | None = None
    note: str = ""

    @model_validator(mode="after")
    def _says_a_price(self) -> "PriceRow":
        amounts = (self.per_mtok_in, self.per_mtok_out, self.per_mtok_cache_read, self.per_mtok_cache_write)
        if all(amount is None for amount in (*amounts, self.per_call)):
            raise ValueError("gives no price; add per_mtok_in, per_mtok_out or another")
        return self


class PlanPriceRow(Row):
    """The price of a plan from a day on, for one period (of one seat where the plan is sold per seat)."""

    start: Start = Field(alias="from")
    end: date | None = Field(default=None, alias="to")
    tier: TierName = "standard"
    region: Region = "global"
    currency: Currency = "USD"
    amount: Amount
    period_days: Annotated[int, Field(ge=1, le=3660)] = 30
    note: str = ""


class ModelEntry(BaseModel):
    """A model: what the library lacks of it, or wholly."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    names: tuple[str, ...] = ()
    series: Identifier | None = None
    open_weights: bool | None = None
    released: date | None = None
    released_source: Link | None = None
    prices: tuple[PriceRow, ...] = ()


class PlanEntry(BaseModel):
    """A subscription."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    names: tuple[str, ...]
    series: Identifier | None = None
    per_seat: bool = False
    prices: tuple[PlanPriceRow, ...] = ()
    no_price: str = ""


class NamedEntry(BaseModel):
    """A family without a version, a free account, or generic credit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    names: tuple[str, ...]
    series: Identifier | None = None


class LibrarySection(BaseModel):
    """Which part of the price library is this provider's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    section: str
    region: Region = "global"
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class ChannelRow(Row):
    """Someone who may sell this provider's access."""

    name: str
    basis: Literal["first_party", "cloud", "gateway", "tool", "reseller"]
    domains: tuple[Domain, ...]
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    note: str = ""


class TermsRow(Row):
    """A clause that resale breaks."""

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


class ProviderFile(BaseModel):
    """One provider: everything that is known of what it sells."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    name: str
    domains: tuple[Domain, ...]
    series: Identifier | None = None
    sources: dict[str, dict[str, str | date]] = Field(default_factory=dict, description="Anchors for the rows below.")
    library: tuple[LibrarySection, ...] = ()
    open_weights: tuple[str, ...] = ()
    families: tuple[NamedEntry, ...] = ()
    free_accounts: tuple[NamedEntry, ...] = ()
    credits: tuple[NamedEntry, ...] = ()
    models: tuple[ModelEntry, ...] = ()
    plans: tuple[PlanEntry, ...] = ()
    channels: tuple[ChannelRow, ...] = ()
    terms: tuple[TermsRow, ...] = ()
    intake: tuple[IntakeRow, ...] = ()
