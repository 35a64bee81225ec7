"""What a policy rule may ask of a finding and its listing: each condition says what it needs and what it found.

A condition that is absent asks nothing; all that are present must hold. Lists mean "one of these"; names may end in
`*` to stand for every name that begins so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from domain.comparison import Refusal
from domain.finding import Authorisation, Finding, Lane, PricedOffer, Verdict
from domain.listing import HandleRole, Listing
from domain.offer import OfferKind

MOST_NAMES = 500


def _one_or_many(value: Any) -> Any:
    """A single value may stand where a list is expected."""
    return [value] if isinstance(value, str) else value


def _exact(value: Any) -> Any:
    """Numbers of the file become decimals by their digits, never through a binary fraction."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Pattern = Annotated[str, StringConstraints(pattern=r"^[^*\s][^*]{0,199}\*?$|^\*$")]
Names = Annotated[tuple[Pattern, ...], BeforeValidator(_one_or_many), Field(min_length=1, max_length=MOST_NAMES)]
Share = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0, le=5)]
Dollars = Annotated[Decimal, BeforeValidator(_exact), Field(gt=0)]
Verdicts = Annotated[tuple[Verdict, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
Lanes = Annotated[tuple[Lane, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
Authorisations = Annotated[tuple[Authorisation, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
Kinds = Annotated[tuple[OfferKind, ...], BeforeValidator(_one_or_many), Field(min_length=1)]
Refusals = Annotated[tuple[Refusal, ...], BeforeValidator(_one_or_many), Field(min_length=1)]


class OfferConditions(BaseModel):
    """What one single offer must fulfil; the rule holds when any offer of the listing fulfils all of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    product: Names | None = Field(None, description="product ids as the rates know them")
    provider: Names | None = Field(None, description="provider ids")
    kind: Kinds | None = Field(None, description="kinds of offer")
    share_below: Share | None = Field(None, description="its best share of the official price is below this")
    share_at_least: Share | None = Field(None, description="its best share is this or more")
    refusal: Refusals | None = Field(None, description="why its price could not be compared")


class Conditions(BaseModel):
    """What a rule asks. Shares are fractions of the official price: 0.5 is half of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verdict: Verdicts | None = Field(None, description="what the detector concluded")
    probability_at_least: float | None = Field(
        None, ge=0, le=1, description="the probability of resale is this or more"
    )
    probability_below: float | None = Field(None, ge=0, le=1, description="the probability of resale is below this")
    lane: Lanes | None = Field(None, description="the kind of harm")
    authorisation: Authorisations | None = Field(None, description="may this seller sell it")
    share_below: Share | None = Field(None, description="the lowest confirmed share is below this")
    share_at_least: Share | None = Field(None, description="the lowest confirmed share is this or more")
    share_known: bool | None = Field(None, description="whether any offer has a confirmed share")
    signals_any: Names | None = Field(None, description="at least one of these signals is present")
    signals_all: Names | None = Field(None, description="every one of these signals is present")
    signals_none: Names | None = Field(None, description="none of these signals is present")
    indicators_any: Names | None = Field(None, description="an indicator of one of these kinds was found")
    offer: OfferConditions | None = Field(None, description="one single offer fulfils all of these")
    exposure_usd_at_least: Dollars | None = Field(
        None, description="the official value on offer may reach this (its high end); unknown does not hold"
    )
    exposure_known: bool | None = Field(None, description="whether the official value on offer is known")
    language: Names | None = Field(None, description="language codes of the listing")
    platform: Names | None = Field(None, description="kinds of place: telegram, github, relay, ...")
    seller: Names | None = Field(None, description="handles in the role of seller: `name` or `platform:name`")
    source: Names | None = Field(None, description="names of sources, as telegram/some-channel")
    first_sighting: bool | None = Field(None, description="whether the listing was never seen before")
    versions_at_least: int | None = Field(None, ge=1, description="this many earlier versions are known")
    share_fell_by_at_least: Share | None = Field(
        None, description="the lowest share fell by at least this since the version before"
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """A finding with its listing, and the names in them that conditions ask for, gathered once."""

    finding: Finding
    listing: Listing
    signals: tuple[str, ...]
    share: Decimal | None

    @staticmethod
    def of(finding: Finding, listing: Listing) -> "Facts":
        """Gather what conditions look at."""
        return Facts(finding, listing, tuple(signal.name for signal in finding.signals), finding.lowest_share)


@dataclass(frozen=True, slots=True)
class Check:
    """One condition ready to be asked: its name, what it needs in words, whether it holds, what was found."""

    condition: str
    needed: str
    holds: Callable[[Facts], bool]
    found: Callable[[Facts], str]


def checks(conditions: Conditions) -> tuple[Check, ...]:
    """The conditions that are present, in the order in which the model names them."""
    return tuple(
        _BUILDERS[name](getattr(conditions, name))
        for name in Conditions.model_fields
        if getattr(conditions, name) is not None
    )


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Is the name one of these, or does it begin as one that ends in `*` says?"""
    return any(name.startswith(p[:-1]) if p.endswith("*") else name == p for p in patterns)


def _listed(names: Iterable[str]) -> str:
    unique = sorted(set(names))
    shown = ", ".join(unique[:12])
    return f"{shown} and {len(unique) - 12} more" if len(unique) > 12 else shown or "none"


def _one_of(condition: str, of: Callable[[Facts], str], wanted: tuple[str, ...]) -> Check:
    return Check(condition, f"one of {_listed(wanted)}", lambda facts: matches(of(facts), wanted), of)


def _any_of(condition: str, of: Callable[[Facts], Iterable[str]], wanted: tuple[str, ...]) -> Check:
    return Check(
        condition,
        f"at least one of {_listed(wanted)}",
        lambda facts: any(matches(name, wanted) for name in of(facts)),
        lambda facts: _listed(of(facts)),
    )


def _signals(facts: Facts) -> tuple[str, ...]:
    return facts.signals


def _all_signals(wanted: tuple[str, ...]) -> Check:
    return Check(
        "signals_all",
        f"all of {_listed(wanted)}",
        lambda facts: all(any(matches(name, (pattern,)) for name in facts.signals) for pattern in wanted),
        lambda facts: _listed(facts.signals),
    )


def _no_signals(unwanted: tuple[str, ...]) -> Check:
    return Check(
        "signals_none",
        f"none of {_listed(unwanted)}",
        lambda facts: not any(matches(name, unwanted) for name in facts.signals),
        lambda facts: _listed(facts.signals),
    )


def _probability(facts: Facts) -> str:
    return f"{facts.finding.probability:.3f}"


def _share(facts: Facts) -> str:
    return f"{facts.share:f}" if facts.share is not None else "no confirmed share"


def _share_below(limit: Decimal) -> Check:
    return Check(
        "share_below",
        f"a confirmed share below {limit}",
        lambda facts: facts.share is not None and facts.share < limit,
        _share,
    )


def _share_at_least(limit: Decimal) -> Check:
    return Check(
        "share_at_least",
        f"a confirmed share of {limit} or more",
        lambda facts: facts.share is not None and facts.share >= limit,
        _share,
    )


def _known(condition: str, what: str, is_known: Callable[[Facts], bool], wanted: bool) -> Check:
    return Check(
        condition,
        f"{what} {'known' if wanted else 'unknown'}",
        lambda facts: is_known(facts) is wanted,
        lambda facts: "known" if is_known(facts) else "unknown",
    )


def _exposure(facts: Facts) -> str:
    exposure = facts.finding.exposure
    return "unknown" if exposure is None else f"{exposure.low} to {exposure.high}"


def _exposure_at_least(limit: Decimal) -> Check:
    return Check(
        "exposure_usd_at_least",
        f"an official value that may reach {limit} USD",
        lambda facts: facts.finding.exposure is not None and facts.finding.exposure.high.amount >= limit,
        _exposure,
    )


def _sellers(facts: Facts) -> tuple[str, ...]:
    sellers = [handle for handle in facts.listing.handles if handle.role is HandleRole.SELLER]
    bare = [handle.name.removeprefix("@").casefold() for handle in sellers]
    return (*bare, *(f"{handle.platform}:{name}" for handle, name in zip(sellers, bare, strict=True)))


def _seller(wanted: tuple[str, ...]) -> Check:
    return _any_of("seller", _sellers, tuple(name.removeprefix("@").casefold() for name in wanted))


def _versions_at_least(limit: int) -> Check:
    return Check(
        "versions_at_least",
        f"{limit} or more earlier versions",
        lambda facts: facts.finding.history.versions >= limit,
        lambda facts: str(facts.finding.history.versions),
    )


def _first_sighting(wanted: bool) -> Check:
    return Check(
        "first_sighting",
        "a listing never seen before" if wanted else "a listing seen before",
        lambda facts: (facts.finding.history.first_seen_at is None) is wanted,
        lambda facts: "never seen before" if facts.finding.history.first_seen_at is None else "seen before",
    )


def _share_fell(limit: Decimal) -> Check:
    def fall(facts: Facts) -> Decimal | None:
        before = facts.finding.history.previous_best_share
        return None if before is None or facts.share is None else before - facts.share

    def holds(facts: Facts) -> bool:
        fell = fall(facts)
        return fell is not None and fell >= limit

    def found(facts: Facts) -> str:
        fell = fall(facts)
        return "no two shares to compare" if fell is None else f"fell by {fell:f}" if fell > 0 else "did not fall"

    return Check("share_fell_by_at_least", f"a share that fell by {limit} or more", holds, found)


def _offer(wanted: OfferConditions) -> Check:
    needed = "; ".join(
        f"{name} {_listed(map(str, value)) if isinstance(value, tuple) else value}"
        for name in OfferConditions.model_fields
        if (value := getattr(wanted, name)) is not None
    )
    return Check(
        "offer",
        f"one offer with {needed}",
        lambda facts: any(_offer_fulfils(priced, wanted) for priced in facts.finding.offers),
        lambda facts: _offers_found(facts.finding.offers),
    )


def _offer_fulfils(priced: PricedOffer, wanted: OfferConditions) -> bool:
    offer, comparison = priced.offer, priced.comparison
    share = comparison.share.best if comparison.share is not None else None
    return (
        (wanted.product is None or matches(offer.product or "", wanted.product))
        and (wanted.provider is None or matches(offer.provider or "", wanted.provider))
        and (wanted.kind is None or offer.kind in wanted.kind)
        and (wanted.refusal is None or comparison.refusal in wanted.refusal)
        and (wanted.share_below is None or (share is not None and share < wanted.share_below))
        and (wanted.share_at_least is None or (share is not None and share >= wanted.share_at_least))
    )


def _offers_found(offers: tuple[PricedOffer, ...]) -> str:
    shown = [
        f"{priced.offer.product or 'product unknown'} {priced.offer.kind} "
        f"{priced.comparison.share.best if priced.comparison.share is not None else priced.comparison.refusal}"
        for priced in offers[:5]
    ]
    return ("; ".join(shown) or "no offers") + (f" and {len(offers) - 5} more" if len(offers) > 5 else "")


_BUILDERS: dict[str, Callable[[Any], Check]] = {
    "verdict": lambda wanted: _one_of("verdict", lambda facts: facts.finding.verdict, wanted),
    "lane": lambda wanted: _one_of("lane", lambda facts: facts.finding.lane, wanted),
    "authorisation": lambda wanted: _one_of("authorisation", lambda facts: facts.finding.authorisation, wanted),
    "probability_at_least": lambda limit: Check(
        "probability_at_least", f"{limit} or more", lambda facts: facts.finding.probability >= limit, _probability
    ),
    "probability_below": lambda limit: Check(
        "probability_below", f"below {limit}", lambda facts: facts.finding.probability < limit, _probability
    ),
    "share_below": _share_below,
    "share_at_least": _share_at_least,
    "share_known": lambda wanted: _known("share_known", "a share", lambda facts: facts.share is not None, wanted),
    "signals_any": lambda wanted: _any_of("signals_any", _signals, wanted),
    "signals_all": _all_signals,
    "signals_none": _no_signals,
    "indicators_any": lambda wanted: _any_of(
        "indicators_any", lambda facts: [indicator.kind for indicator in facts.finding.indicators], wanted
    ),
    "offer": _offer,
    "exposure_usd_at_least": _exposure_at_least,
    "exposure_known": lambda wanted: _known(
        "exposure_known", "the official value", lambda facts: facts.finding.exposure is not None, wanted
    ),
    "language": lambda wanted: _one_of("language", lambda facts: facts.finding.language, wanted),
    "platform": lambda wanted: _one_of("platform", lambda facts: facts.listing.platform, wanted),
    "seller": _seller,
    "source": lambda wanted: _one_of("source", lambda facts: facts.listing.source, wanted),
    "first_sighting": _first_sighting,
    "versions_at_least": _versions_at_least,
    "share_fell_by_at_least": _share_fell,
}
"""One builder for every field of `Conditions`; a test holds them equal."""
