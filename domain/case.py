"""What a report is made from: the listings of one matter, what people decided, and what the evidence is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.clock import require_utc
from domain.decision import Outcome
from domain.errors import UndercutError
from domain.finding import Authorisation, Finding
from domain.listing import HandleRole, Listing


class CaseError(UndercutError):
    """A case contradicts itself; the message names the part."""


class CaseKind(StrEnum):
    """What the matter is, as a person filed it: it decides the form a recipient's desk sorts it under."""

    RESALE = "resale"
    LEAKED_KEYS = "leaked_keys"
    SCAM = "scam"


class Tlp(StrEnum):
    """How far a report may travel (Traffic Light Protocol 2.0)."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    AMBER_STRICT = "amber+strict"
    RED = "red"


class LegalGround(StrEnum):
    """Why something is said to be illegal. A breach of a provider's terms alone is not among them."""

    FRAUD_OR_DECEPTION = "fraud_or_deception"
    TRADEMARK = "trademark"
    TRADE_IN_STOLEN_CREDENTIALS = "trade_in_stolen_credentials"
    UNAUTHORISED_ACCESS = "unauthorised_access"
    IMPERSONATION = "impersonation"
    CONSUMER_PROTECTION = "consumer_protection"
    OTHER_WITH_CITATION = "other_with_citation"


class Role(StrEnum):
    """What a person is to the work; exports name roles, never people."""

    ANALYST = "analyst"
    REVIEWER = "reviewer"
    LEAD = "lead"
    LEGAL = "legal"
    PROGRAM = "program"


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    PAGE = "page"
    SCREENSHOT = "screenshot"
    CAPTURE = "capture"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """The ground a person chose, with the explanation they wrote and whether they confirmed good faith.

    There is no default anywhere: a case without one cannot become a legal notice.
    """

    ground: LegalGround
    explanation: str
    chosen_by: Role
    chosen_at: datetime
    bona_fide_confirmed: bool = False
    citation: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kept object: its SHA-256 (64 hexadecimal digits), what it is, and when it was captured.

    `masked` says that it is the derivative with secrets and third persons taken out. `released` says that a person
    let the raw object out, for `release_reason`. `missing` names what the capture could not show.
    """

    sha256: str
    kind: EvidenceKind
    media_type: str
    size_bytes: int
    captured_at: datetime
    url: str
    description: str = ""
    masked: bool = True
    released: bool = False
    release_reason: str = ""
    capture_tool: str = ""
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise CaseError(f"evidence digest is not 64 lower-case hexadecimal digits: {self.sha256[:70]!r}")
        if self.released and not self.release_reason:
            raise CaseError(f"evidence {self.sha256[:12]} is released raw without a reason")
        object.__setattr__(self, "captured_at", require_utc(self.captured_at, what="Evidence.captured_at"))


@dataclass(frozen=True, slots=True)
class RoleDecision:
    """A decision as it may leave the house: by role, with its reason code; notes stay inside.

    `authorisation` is what a person established about the seller's permission, None where they did not.
    """

    outcome: Outcome
    reason_code: str
    role: Role
    decided_at: datetime
    authorisation: Authorisation | None = None


@dataclass(frozen=True, slots=True)
class CaseListing:
    """One listing of the case with its newest finding, its decision, and the digests of its evidence."""

    alert_id: str
    listing: Listing
    finding: Finding
    decision: RoleDecision | None = None
    evidence: tuple[str, ...] = ()
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None

    @property
    def authorisation(self) -> Authorisation:
        """What a person established, else what the finding says."""
        if self.decision is not None and self.decision.authorisation is not None:
            return self.decision.authorisation
        return self.finding.authorisation


@dataclass(frozen=True, slots=True)
class SellerFact:
    """One thing known of who sells: a handle, contact, domain or wallet, its role, and why it is joined to the case."""

    kind: str
    value: str
    role: HandleRole
    reason: str
    platform: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class LeakedKey:
    """A key that a page showed: kind, first characters and digest, never the key; `place` is the kind of text."""

    kind: str
    visible: str
    sha256: str
    url: str
    place: str
    observed_at: datetime
    provider: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened, when, and who or what did it (a role or a part of the program)."""

    at: datetime
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """Something left out on purpose, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a provider's terms, in our words, as it stood on `as_of`."""

    document: str
    clause: str
    gist: str
    url: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Case:
    """One matter: the one model that every report format is a rendering of.

    `provider` is the id and `provider_name` the name of whose products are resold, `provider_site` its own site.
    `third_persons` are names and handles of buyers, victims and others that no export may hold.
    """

    case_id: str
    title: str
    kind: CaseKind
    provider: str
    provider_name: str
    provider_site: str
    products: tuple[str, ...]
    listings: tuple[CaseListing, ...]
    opened_at: datetime
    evidence: tuple[Evidence, ...] = ()
    sellers: tuple[SellerFact, ...] = ()
    leaked_keys: tuple[LeakedKey, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    terms: tuple[Clause, ...] = ()
    legal_basis: LegalBasis | None = None
    tlp: Tlp = Tlp.AMBER
    redactions: tuple[Redaction, ...] = ()
    third_persons: tuple[str, ...] = ()
    reply: str = ""

    def __post_init__(self) -> None:
        known = {piece.sha256 for piece in self.evidence}
        for entry in self.listings:
            unknown = [digest for digest in entry.evidence if digest not in known]
            if unknown:
                raise CaseError(
                    f"case {self.case_id}: alert {entry.alert_id} refers to evidence {unknown[0][:12]} "
                    "that the case does not list; add it to Case.evidence"
                )
        object.__setattr__(self, "opened_at", require_utc(self.opened_at, what="Case.opened_at"))
