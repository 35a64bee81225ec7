"""What was concluded about one version of a listing, reproducible bit for bit from stored things."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from domain.comparison import Comparison
from domain.money import Money
from domain.offer import Offer, Span
from domain.values import quickly_made


class Verdict(StrEnum):
    """Is this an offer of resold access?"""

    RESALE = "resale"
    NOT_RESALE = "not_resale"
    UNSURE = "unsure"


class Authorisation(StrEnum):
    """May this seller sell it? Answered apart from the verdict."""

    LISTED = "listed"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"
    DENIED_BY_PROVIDER = "denied_by_provider"


class Lane(StrEnum):
    """What kind of harm this is, gravest first: the first key of every ranking."""

    CREDENTIAL_ABUSE = "credential_abuse"
    FRAUD_SUPPLY = "fraud_supply"
    POOLED_RELAY = "pooled_relay"
    COMMERCIAL_RESALE = "commercial_resale"
    GREY = "grey"
    NONE = "none"

    @property
    def rank(self) -> int:
        """0 for the gravest lane, rising."""
        return list(Lane).index(self)


@quickly_made
@dataclass(frozen=True, slots=True)
class Signal:
    """A reason for or against: its name (`supply.pooled_accounts`), its additive log-odds weight, where it stands."""

    name: str
    weight: float
    reason: str
    span: Span | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach someone that the text gives, with what that someone is to the offer."""

    kind: str
    value: str
    role: str
    span: Span


@quickly_made
@dataclass(frozen=True, slots=True)
class Indicator:
    """Something that can be joined elsewhere: `base_url`, `domain`, `contact`, `programme`, `key_sha256`."""

    kind: str
    value: str


@quickly_made
@dataclass(frozen=True, slots=True)
class PricedOffer:
    """An offer with what it costs against the official price."""

    offer: Offer
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Exposure:
    """The official value on offer, in US dollars, as an interval."""

    low: Money
    high: Money


@dataclass(frozen=True, slots=True)
class History:
    """What the memory knew of the listing when it was judged; stored with the finding so that it reproduces."""

    first_seen_at: datetime | None = None
    versions: int = 0
    previous_best_share: Decimal | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Finding:
    """What was concluded about one version of one listing.

    `listing_version` is the listing's content hash. `probability` is the calibrated probability that this is an
    offer of resold access. `lowest_share` is the lowest confirmed best share among the offers, None without one.
    """

    source: str
    external_id: str
    listing_version: str
    language: str
    offers: tuple[PricedOffer, ...]
    signals: tuple[Signal, ...]
    contacts: tuple[Contact, ...]
    indicators: tuple[Indicator, ...]
    probability: float
    verdict: Verdict
    authorisation: Authorisation
    lane: Lane
    exposure: Exposure | None
    history: History
    rules_version: str
    rates_version: str
    overlay_version: str

    @property
    def headline(self) -> PricedOffer | None:
        """The offer with the lowest confirmed share, else the first one, None without offers."""
        confirmed = [priced for priced in self.offers if priced.comparison.share is not None]
        if not confirmed:
            return self.offers[0] if self.offers else None
        return min(confirmed, key=_best_share)

    @property
    def lowest_share(self) -> Decimal | None:
        """The lowest confirmed best share among the offers."""
        headline = self.headline
        if headline is None or headline.comparison.share is None:
            return None
        return headline.comparison.share.best


def _best_share(priced: PricedOffer) -> Decimal:
    share = priced.comparison.share
    return share.best if share is not None else Decimal("Infinity")
