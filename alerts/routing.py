"""Who hears what: each channel names the severities, products, places, languages and hours it is for.

A channel that names nothing hears every alert. What it names narrows; lists mean "one of these".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from alerts.conditions import Lanes, Names, matches
from alerts.digest import DigestReason
from alerts.pacing import Pace, Rhythm
from alerts.windows import ClockTime, Window
from domain.alert import Alert, PolicyOutcome, Severity
from domain.errors import UndercutError
from domain.finding import Finding
from domain.listing import Listing

LEAST_BUDGET = 4


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str | Mapping) else value


Severities = Annotated[tuple[Severity, ...], BeforeValidator(_one_or_many)]
Windows = Annotated[tuple[Window, ...], BeforeValidator(_one_or_many)]


class RoutingError(UndercutError):
    """Who hears what cannot be told from the configuration; the message names the channel and the mend."""


class OnCall(BaseModel):
    """A rota: this channel's owner has every `of`-th turn of `days` days, the first of them the `turn`-th (from 1)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_day: date = Field(description="day on which the first turn of all begins")
    days: int = Field(7, ge=1, le=366, description="how long one turn is")
    of: int = Field(ge=1, le=100, description="how many share the rota")
    turn: int = Field(ge=1, description="which of them this channel is")
    handover: ClockTime = Field("08:00", validate_default=True, description="time of day at which turns change")
    timezone: str = Field("UTC", description="time zone of the handover")

    @model_validator(mode="after")
    def _turn_exists(self) -> "OnCall":
        if self.turn > self.of:
            raise ValueError(f"turn {self.turn} of {self.of} does not exist; turns are counted from 1")
        Window.model_validate({"from": "00:00", "to": "00:00", "timezone": self.timezone})
        return self

    def has_turn(self, now: datetime) -> bool:
        """Is it this channel's turn?"""
        local = now.astimezone(ZoneInfo(self.timezone))
        day = local.date() if local.time() >= self.handover else local.date() - timedelta(days=1)
        return (day - self.first_day).days // self.days % self.of == self.turn - 1


class Route(BaseModel):
    """What one channel is for, and when it speaks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    severities: Severities | None = Field(None, description="severities it hears")
    queues: Names | None = Field(None, description="queues it hears")
    lanes: Lanes | None = Field(None, description="kinds of harm it hears")
    products: Names | None = Field(None, description="products, of which any offer must be one")
    providers: Names | None = Field(None, description="providers, of which any offer must be one's")
    platforms: Names | None = Field(None, description="kinds of place it hears of")
    languages: Names | None = Field(None, description="languages it reads")
    sources: Names | None = Field(None, description="sources it hears of")
    hours: Windows = Field((), description="hours in which it is told at all; always without them")
    on_call: OnCall | None = Field(None, description="the rota of which this channel is one turn")
    escalate_after_minutes: int | None = Field(
        None, ge=1, le=10_080, description="told only when nobody has acted on an alert for so long"
    )
    quiet: Windows = Field((), description="hours in which what is not urgent waits")
    at_once: Severities = Field(
        (Severity.CRITICAL,), description="severities that neither quiet hours nor digests hold"
    )
    digest: DigestReason | None = Field(None, description="`hourly` or `daily`: one message instead of many")
    digest_at: ClockTime = Field("08:00", validate_default=True, description="time of day of the daily digest")
    digest_timezone: str = Field("UTC", description="time zone of the daily digest")
    budget_per_hour: int | None = Field(
        None, ge=0, le=1000, description="most messages in any hour; 0 for no limit; the channel kind's own without it"
    )
    reserved_for_grave: int | None = Field(None, ge=0, description="how many of them are kept for the gravest")
    grave: Severities = Field((Severity.CRITICAL,), description="severities that use what is reserved")

    @model_validator(mode="after")
    def _makes_sense(self) -> "Route":
        if self.digest is DigestReason.STORM:
            raise ValueError("digest: must be hourly or daily")
        if self.budget_per_hour is not None and 0 < self.budget_per_hour < LEAST_BUDGET:
            raise ValueError(f"budget_per_hour: must be 0 for no limit, or {LEAST_BUDGET} or more")
        if self.budget_per_hour and (self.reserved_for_grave or 0) > self.budget_per_hour - 2:
            raise ValueError("reserved_for_grave: must leave two messages of the budget for the rest")
        Window.model_validate({"from": "00:00", "to": "00:00", "timezone": self.digest_timezone})
        return self


@dataclass(frozen=True, slots=True)
class Heard:
    """What routing looks at, the same for a finding that has just been judged and for an alert that stands."""

    severity: Severity
    queue: str
    finding: Finding
    platform: str
    source: str


@dataclass(frozen=True, slots=True)
class Routing:
    """Channel name to its route, in the order of the configuration."""

    routes: Mapping[str, Route]
    budgets: Mapping[str, int | None]

    def paces(self) -> dict[str, Pace]:
        """How often each channel may speak."""
        return {name: _pace(route, self.budgets.get(name)) for name, route in self.routes.items()}


def build_routing(routes: Mapping[str, Mapping[str, Any]], budgets: Mapping[str, int | None] | None = None) -> Routing:
    """The routing that a configuration says: channel name to its `routes` table; raises RoutingError.

    `budgets` gives the hourly budget of each channel's kind, for those that name none themselves.
    """
    built: dict[str, Route] = {}
    problems: list[str] = []
    for name, table in routes.items():
        try:
            built[name] = Route.model_validate(table)
        except ValidationError as error:
            problems += [f"channel {name}, routes{_inner(p['loc'])}: {p['msg']}" for p in error.errors()]
    if problems:
        raise RoutingError("; ".join(problems))
    return Routing(built, dict(budgets or {}))


def channels_for(
    routing: Routing, outcome: PolicyOutcome, finding: Finding, listing: Listing, now: datetime | None = None
) -> tuple[str, ...]:
    """The channels that hear of a finding; `now` is when it was observed unless given."""
    if not outcome.alert:
        return ()
    heard = Heard(outcome.severity, outcome.queue, finding, listing.platform, listing.source)
    moment = now or listing.observed_at
    return tuple(
        name
        for name, route in routing.routes.items()
        if route.escalate_after_minutes is None and _hears(route, heard, moment)
    )


def escalating(routing: Routing) -> Iterator[tuple[str, timedelta, Route]]:
    """The channels that hear of an alert only when nobody has acted on it for so long, each with its route."""
    for name, route in routing.routes.items():
        if route.escalate_after_minutes is not None:
            yield name, timedelta(minutes=route.escalate_after_minutes), route


def hears_of(route: Route, alert: Alert, now: datetime) -> bool:
    """Is this alert one that the channel is for, at this time?"""
    return _hears(route, Heard(alert.severity, alert.queue, alert.finding, alert.platform, alert.source), now)


def _hears(route: Route, heard: Heard, now: datetime) -> bool:
    offers = [priced.offer for priced in heard.finding.offers]
    return (
        (route.severities is None or heard.severity in route.severities)
        and (route.queues is None or matches(heard.queue, route.queues))
        and (route.lanes is None or heard.finding.lane in route.lanes)
        and (route.platforms is None or matches(heard.platform, route.platforms))
        and (route.languages is None or matches(heard.finding.language, route.languages))
        and (route.sources is None or matches(heard.source, route.sources))
        and (route.products is None or any(matches(offer.product or "", route.products) for offer in offers))
        and (route.providers is None or any(matches(offer.provider or "", route.providers) for offer in offers))
        and (not route.hours or any(window.is_open(now) for window in route.hours))
        and (route.on_call is None or route.on_call.has_turn(now))
    )


def _pace(route: Route, kind_budget: int | None) -> Pace:
    budget = kind_budget if route.budget_per_hour is None else route.budget_per_hour or None
    reserved = route.reserved_for_grave if route.reserved_for_grave is not None else (budget or 0) // 2
    rhythm = None
    if route.digest is not None:
        rhythm = Rhythm(route.digest, route.digest_at, route.digest_timezone)
    return Pace(
        budget_per_hour=budget,
        reserved_for_grave=reserved,
        grave=frozenset(route.grave),
        quiet=route.quiet,
        digest=rhythm,
        at_once=frozenset(route.at_once),
    )


def _inner(location: tuple[int | str, ...]) -> str:
    return "".join(f".{part}" for part in location)
