"""A source is data first: one public place that is watched, how, how often, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Access(StrEnum):
    """How a place may be read at all."""

    PUBLIC = "public"
    API_TOKEN = "api_token"  # noqa: S105 - the name of a way in, not a secret
    OPERATOR_SESSION = "operator_session"
    IMPORT_ONLY = "import_only"


@dataclass(frozen=True, slots=True)
class RobotsException:
    """A documented reason for reading a place that robots.txt closes, such as a published interface."""

    reason: str
    documented_at: str


@dataclass(frozen=True, slots=True)
class Manners:
    """How gently a place is read. A source may be gentler than the floors, never rougher."""

    delay_seconds: float = 10.0
    pages_per_day: int = 500
    robots_exception: RobotsException | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """How many listings one full crawl ought to yield; less than the least is parser rot or a block."""

    least_listings: int = 0
    most_listings: int = 10_000


@dataclass(frozen=True, slots=True)
class TermsReview:
    """The operator's word that a platform's terms were read: who did, and when."""

    reviewed_by: str
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Source:
    """One watched place: its software family, its addresses, and the manners it is read with.

    `name` is `<kind>/<file stem>` of its YAML. `start_urls` are absolute http(s) addresses. `options` are
    family-specific strings such as search queries. `terms_limit_programs` says that the platform's terms limit
    reading by programs, so that the operator's terms review must be named before it runs. `token_variable` names
    the environment variable that holds a token, never the token.
    """

    name: str
    family: str
    start_urls: tuple[str, ...]
    purpose: str
    owner: str
    cadence: timedelta
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    manners: Manners = Manners()
    access: Access = Access.PUBLIC
    expectation: Expectation = Expectation()
    transport: str = "plain"
    enabled: bool = True
    terms_limit_programs: bool = False
    token_variable: str | None = None
