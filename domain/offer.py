"""One thing for sale, as read out of a listing, with the place each part was read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from domain.money import Money
from domain.values import quickly_made


class OfferKind(StrEnum):
    """What kind of access is sold; delivery form decides, not the product's name."""

    METERED_TOKENS = "metered_tokens"
    CREDIT_TOPUP = "credit_topup"
    PER_CALL = "per_call"
    UNLIMITED_PLAN = "unlimited_plan"
    SUBSCRIPTION_ACCOUNT = "subscription_account"
    SHARED_SEAT = "shared_seat"
    ACTIVATION_SERVICE = "activation_service"
    API_KEY = "api_key"
    BULK_ACCOUNTS = "bulk_accounts"
    FREE_POOL = "free_pool"
    ENABLING_SERVICE = "enabling_service"


class Unit(StrEnum):
    """What one price buys."""

    PER_MTOK_IN = "per_mtok_in"
    PER_MTOK_OUT = "per_mtok_out"
    PER_MTOK_CACHE_READ = "per_mtok_cache_read"
    PER_MTOK_CACHE_WRITE = "per_mtok_cache_write"
    PER_MTOK = "per_mtok"
    PER_CALL = "per_call"
    PER_USD_CREDIT = "per_usd_credit"
    PER_PERIOD = "per_period"
    PER_ACCOUNT = "per_account"
    PER_SEAT_PERIOD = "per_seat_period"
    PER_ITEM = "per_item"
    PERCENT_OF_OFFICIAL = "percent_of_official"


@quickly_made
@dataclass(frozen=True, slots=True)
class TextSpan:
    """Code points `start` to `end` of the original `title` or `text` of a listing."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PointerSpan:
    """A place in a structured body, as a JSON pointer (RFC 6901)."""

    pointer: str


@dataclass(frozen=True, slots=True)
class ImageSpan:
    """A place in a picture: its name, and the box (left, top, right, bottom) in pixels."""

    image: str
    box: tuple[int, int, int, int]


Span = TextSpan | PointerSpan | ImageSpan


@quickly_made
@dataclass(frozen=True, slots=True)
class Offer:
    """One thing for sale inside a listing.

    `product` is a model or plan id as the rates know it, None where it could not be told. `price` buys `quantity`
    of `unit`. `multiplier` is the seller's billing multiplier where one was applied. `period_days` is the term of a
    plan, `seats` how many share it. `claimed_share` is the seller's own number (0.1 for "a tenth of the official
    price"), kept apart from what is computed. `at_least` marks a best case ("from", "up to").
    """

    product: str | None
    stated_product: str
    provider: str | None
    kind: OfferKind
    span: Span
    price: Money | None = None
    unit: Unit | None = None
    quantity: Decimal = Decimal(1)
    multiplier: Decimal | None = None
    period_days: int | None = None
    seats: int | None = None
    claimed_share: Decimal | None = None
    at_least: bool = False
    conditions: Mapping[str, str] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
