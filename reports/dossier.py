"""A case as one recipient may see it: scrubbed, and with every number already written. Formats render only this."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.case import CaseKind, LegalGround, Tlp


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports: an organisation, never a person. `trusted_flagger_id` only where a coordinator gave one."""

    organisation: str
    email: str
    domain: str
    trusted_flagger_id: str | None = None


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer with its arithmetic; amounts are decimal text, shares are shares of the official price as text."""

    number: int
    listing: str
    product: str
    stated_product: str
    provider: str
    kind: str
    price_amount: str | None
    price_currency: str | None
    unit: str | None
    quantity: str
    period_days: int | None
    seats: int | None
    multiplier: str | None
    claimed_share: str | None
    at_least: bool
    share_low: str | None
    share_best: str | None
    share_high: str | None
    refusal: str | None
    official_amount: str | None
    official_currency: str | None
    official_unit: str | None
    official_source: str | None
    official_valid_from: str | None
    official_checked_on: str | None
    assumptions: tuple[str, ...]
    conditions: str
    quote: str


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A reason the program counted, with its additive weight in log-odds."""

    name: str
    weight: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One listing. `link` is exact and absolute http(s), None where the stated address may not be shown."""

    key: str
    link: str | None
    host: str | None
    platform: str
    title: str
    excerpt: str
    language: str
    sellers: tuple[str, ...]
    observed_at: str
    posted_at: str | None
    first_seen_at: str
    last_seen_at: str
    authorisation: str
    lane: str
    probability: float
    verdict: str
    decision: str | None
    decision_reason: str | None
    decision_role: str | None
    decided_at: str | None
    signals: tuple[SignalRow, ...]
    reach: str
    evidence: tuple[str, ...]
    content_sha256: str
    rules_version: str
    rates_version: str


@dataclass(frozen=True, slots=True)
class SellerRow:
    """One fact about who sells. `personal` says that it names a person or account rather than a machine."""

    kind: str
    value: str
    role: str
    platform: str
    reason: str
    personal: bool


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A leaked key by digest."""

    kind: str
    visible: str
    sha256: str
    link: str
    place: str
    observed_at: str
    provider: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence as it is named in every format."""

    sha256: str
    kind: str
    media_type: str
    size_bytes: int
    captured_at: str
    link: str | None
    description: str
    masked: bool
    may_leave: bool
    capture_tool: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the timeline."""

    at: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """A clause of the provider's terms, dated."""

    document: str
    clause: str
    gist: str
    url: str
    as_of: str


@dataclass(frozen=True, slots=True)
class LegalRow:
    """The legal ground a person chose."""

    ground: LegalGround
    citation: str
    explanation: str
    bona_fide_confirmed: bool
    chosen_by: str
    chosen_at: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of a report, the same in every format for people."""

    summary: tuple[str, ...]
    authorisation: str
    confidence: str
    limits: tuple[str, ...]
    request: str
    reply: str


@dataclass(frozen=True, slots=True)
class RedactionRow:
    """What was left out, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything a format needs about one report. `correction` is set when it takes an earlier report back."""

    report_id: str
    case_id: str
    title: str
    kind: CaseKind
    provider: str
    provider_name: str
    provider_site: str
    products: tuple[str, ...]
    recipient: str
    recipient_name: str
    reporter: Reporter
    opened_at: str
    prepared_at: str
    tlp: Tlp
    handles_shown: bool
    offers: tuple[OfferRow, ...]
    listings: tuple[ListingRow, ...]
    sellers: tuple[SellerRow, ...]
    keys: tuple[KeyRow, ...]
    evidence: tuple[EvidenceRow, ...]
    timeline: tuple[EventRow, ...]
    terms: tuple[ClauseRow, ...]
    legal: LegalRow | None
    redactions: tuple[RedactionRow, ...]
    wording: Wording
    correction: str | None = None
    corrects: str | None = None
    most_links: int | None = None

    @property
    def lowest(self) -> OfferRow | None:
        """The offer with the lowest computed share of the official price, None where none was computed."""
        priced = [offer for offer in self.offers if offer.share_best is not None]
        return min(priced, key=lambda offer: float(offer.share_best or "inf")) if priced else None

    @property
    def links(self) -> tuple[str, ...]:
        """Every exact link once, in order."""
        return tuple(dict.fromkeys(listing.link for listing in self.listings if listing.link))

    def listing(self, key: str) -> ListingRow:
        """The listing with that key (`L1`, `L2`, ...)."""
        return self.listings[int(key[1:]) - 1]

    def offers_of(self, key: str) -> tuple[OfferRow, ...]:
        """The offers read from that listing."""
        return tuple(offer for offer in self.offers if offer.listing == key)


@dataclass(frozen=True, slots=True)
class Materials:
    """The bytes that go with a dossier: evidence bodies by SHA-256, and the raw Ed25519 key (32 bytes) that signs."""

    bodies: Mapping[str, bytes] = field(default_factory=dict)
    signing_key: bytes | None = None
