"""The contract of `undercut assess` as models: its JSON Schema is generated from them, and tests hold it to them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from domain.comparison import Refusal
from domain.finding import Authorisation, Lane, Verdict
from domain.offer import OfferKind, Unit


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Place(_Exact):
    """Code points `start` to `end` of the original field."""

    field: Literal["title", "text"]
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Pointer(_Exact):
    """A place in a structured body (RFC 6901)."""

    pointer: str


class Box(_Exact):
    """A place in a picture: left, top, right, bottom in pixels."""

    image: str
    box: tuple[int, int, int, int]


class Price(_Exact):
    """What one unit costs, an exact decimal number as text."""

    amount: str
    currency: str


class Share(_Exact):
    """A share of the official price: 0.07 is seven percent of it."""

    low: float
    best: float
    high: float


class Official(_Exact):
    """The official price it was compared with. `from` is the day it is valid from, null where that is not known."""

    amount: str
    currency: str
    unit: Unit
    valid_from: str | None = Field(alias="from")
    source: str


class Offer(_Exact):
    """One thing for sale. Either `share_of_official` or `refusal` is given."""

    product: str | None
    stated_product: str
    provider: str | None
    kind: OfferKind
    conditions: dict[str, str]
    price: Price | None
    unit: Unit | None
    multiplier: str | None
    period_days: int | None
    seats: int | None
    claimed_share: float | None = Field(description="The seller's own number, kept apart from what is computed.")
    share_of_official: Share | None
    refusal: Refusal | None
    assumptions: list[str]
    official: Official | None
    span: Place | Pointer | Box


class SaidSignal(_Exact):
    """A reason with its additive weight in log-odds."""

    name: str
    weight: float
    span: Place | Pointer | Box | None
    reason: str


class SaidContact(_Exact):
    """A way to reach someone, with what that someone is to the offer."""

    kind: str
    value: str
    role: str
    span: Place | Pointer | Box


class Assessed(_Exact):
    """What is found in one text."""

    id: str
    resale_probability: float = Field(ge=0, le=1)
    verdict: Verdict
    language: str
    offers: list[Offer]
    authorisation: Authorisation
    lane: Lane
    signals: list[SaidSignal]
    contacts: list[SaidContact]
    rules_version: str
    rates_version: str


class Malformed(_Exact):
    """A line that could not be assessed, with the reason."""

    id: str | None
    error: str


OUTPUT: TypeAdapter[Assessed | Malformed] = TypeAdapter(Assessed | Malformed)


def assess_schema() -> dict[str, Any]:
    """The JSON Schema of one output line."""
    schema = OUTPUT.json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One output line of `undercut assess`",
        **schema,
    }
