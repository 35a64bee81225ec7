"""Everything that a reviewer sees of one alert, gathered and put into words; nothing is judged anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from alerts.explanation import ConditionReport, RuleReport, explain
from alerts.policy import Policy
from domain.finding import Authorisation, Finding, PricedOffer, Signal
from domain.listing import Handle, HandleRole, Listing
from line.assess import plain
from line.decide import AlertReview, review_of
from line.review_reasons import reason_label
from line.review_text import Piece, ShownText, differences, marks_of, shown_as_written, shown_plain
from rates.book import RateBook
from rates.catalogue import TermsClause
from rates.errors import UnknownProviderError
from storage.cases import CaseFile
from storage.console_memory import ConsoleMemory
from storage.histories import KeptVersion, ListingState, Sighting
from storage.outbox import KeptNotice
from storage.review_pictures import Screenshot
from storage.reviews import ReviewKind

MOST_OFFERS = 60
MOST_VERSIONS = 40


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One row of the arithmetic: claim, parsed, assumptions, official row, share; every cell in words."""

    claim: str
    claimed_share: str
    parsed: str
    conditions: str
    assumptions: tuple[str, ...]
    official: str
    official_since: str
    official_source: str
    share: str
    refusal: str
    headline: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of the listing with what changed since the one before."""

    number: int
    first_seen_at: datetime
    share: Decimal | None
    title: str
    changed: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PricePoint:
    """The lowest share of the official price on a day (1 is the official price itself)."""

    at: datetime
    share: Decimal


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to the alert, and whether a person or the program did it."""

    at: datetime
    what: str
    by: str
    person: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class AlertPage:
    """All of an alert's page."""

    review: AlertReview
    listing: Listing
    state: ListingState | None
    title: ShownText
    text: ShownText
    plain_text: ShownText
    paraphrase: tuple[str, ...]
    offers: tuple[OfferLine, ...]
    offers_left_out: int
    signals_for: tuple[Signal, ...]
    signals_against: tuple[Signal, ...]
    decided_by: RuleReport | None
    would_have_to_differ: tuple[ConditionReport, ...]
    benign: tuple[tuple[str, str, str], ...]
    versions: tuple[VersionLine, ...]
    price_points: tuple[PricePoint, ...]
    sightings: int
    notices: tuple[KeptNotice, ...]
    timeline: tuple[TimelineEntry, ...]
    clauses: tuple[TermsClause, ...]
    sellers: tuple[Handle, ...]
    cases: tuple[CaseFile, ...]
    screenshot: Screenshot | None
    blind: bool
    """The first verdict is kept from this person until they give their own."""


def alert_page(
    memory: ConsoleMemory, alert_id: str, person: str, policy: Policy, rates: RateBook, *, may_decide: bool
) -> AlertPage:
    """Gather the page of an alert for a person; raises UnknownRecordError."""
    review = review_of(memory, alert_id)
    alert = review.alert
    store = memory.store
    versions = store.histories.versions(alert.source, alert.external_id)
    listing = versions[-1].listing
    sightings = store.histories.sightings(alert.source, alert.external_id)
    notices = store.outbox.of_alert(alert_id)
    marks = marks_of(alert.finding)
    explanation = explain(policy, alert.finding, listing)
    decided_by = next((rule for rule in explanation.rules if rule.decided), None)
    blind = may_decide and review.standing.blind_to(person)
    finding = alert.finding
    return AlertPage(
        review=review,
        listing=listing,
        state=store.histories.state(alert.source, alert.external_id),
        title=shown_as_written(listing, marks, "title"),
        text=shown_as_written(listing, marks, "text"),
        plain_text=shown_plain(listing, marks),
        paraphrase=paraphrase(finding),
        offers=tuple(offer_line(one, one is finding.headline) for one in _headline_first(finding)[:MOST_OFFERS]),
        offers_left_out=max(0, len(finding.offers) - MOST_OFFERS),
        signals_for=tuple(sorted((s for s in finding.signals if s.weight >= 0), key=lambda s: -s.weight)),
        signals_against=tuple(sorted((s for s in finding.signals if s.weight < 0), key=lambda s: s.weight)),
        decided_by=decided_by,
        would_have_to_differ=tuple(c for c in decided_by.conditions if c.holds) if decided_by else (),
        benign=benign_considered(finding, rates),
        versions=_version_lines(versions),
        price_points=_price_points(versions, sightings),
        sightings=len(sightings),
        notices=notices,
        timeline=_timeline(memory, review, versions, notices, person=person, blind=blind),
        clauses=clauses_of(finding, rates),
        sellers=tuple(h for h in listing.handles if h.role is not HandleRole.MENTIONED),
        cases=memory.cases.of_alert(alert_id),
        screenshot=memory.pictures.newest(alert.source, alert.external_id),
        blind=blind,
    )


def _headline_first(finding: Finding) -> list[PricedOffer]:
    headline = finding.headline
    return ([headline] if headline else []) + [one for one in finding.offers if one is not headline]


def offer_line(priced: PricedOffer, headline: bool = False) -> OfferLine:
    """One offer's arithmetic in words; what could not be determined says so."""
    offer, comparison = priced.offer, priced.comparison
    official = comparison.official
    product = offer.product or "product could not be determined"
    price = f"{plain(offer.price.amount)} {offer.price.currency}" if offer.price else "price could not be determined"
    quantity = f"{plain(offer.quantity)} × " if offer.quantity != 1 else ""
    unit = f" {quantity}{words(offer.unit.value)}" if offer.unit else ", unit could not be determined"
    term = f", {offer.period_days} days" if offer.period_days else ""
    multiplier = f", billed × {plain(offer.multiplier)}" if offer.multiplier is not None else ""
    return OfferLine(
        claim=offer.stated_product,
        claimed_share=percent(offer.claimed_share) if offer.claimed_share is not None else "",
        parsed=f"{product}: {price}{unit}{term}{multiplier} ({words(offer.kind.value)})",
        conditions=", ".join(f"{name} {value}" for name, value in offer.conditions.items()),
        assumptions=(*offer.assumptions, *comparison.assumptions),
        official=f"{plain(official.price.amount)} {official.price.currency} {words(official.unit.value)}"
        + (f", {official.tier}" if official.tier != "standard" else "")
        if official
        else "",
        official_since=_since(priced),
        official_source=official.source_url if official else "",
        share=share_words(priced),
        refusal=words(comparison.refusal.value) if comparison.refusal else "",
        headline=headline,
    )


def _since(priced: PricedOffer) -> str:
    official = priced.comparison.official
    if official is None:
        return ""
    since = f"since {official.valid_from}" if official.valid_from else "validity unknown"
    return since + (f", read {official.checked_on}" if official.checked_on else "")


def share_words(priced: PricedOffer) -> str:
    """A share as a percentage with its interval; empty where there is none."""
    share = priced.comparison.share
    if share is None:
        return ""
    if share.low == share.high:
        return percent(share.best)
    return f"{percent(share.best)} ({percent(share.low)} to {percent(share.high)})"


def percent(share: Decimal | float | None) -> str:
    """A share in percent with two meaning digits: `0.15 %`, `4.1 %`, `37 %`."""
    if share is None:
        return ""
    value = float(share) * 100
    if value >= 10:
        return f"{value:.0f} %"
    return f"{value:.1f} %" if value >= 1 else f"{value:.2g} %"


def words(code: str) -> str:
    """A code as words: `per_mtok_in` is `per million tokens in`."""
    return code.replace("per_mtok", "per million tokens").replace("_", " ")


def paraphrase(finding: Finding) -> tuple[str, ...]:
    """What the listing offers, in English, made offline from what was read; no translation, and it says so."""
    told = []
    for priced in _headline_first(finding)[:8]:
        offer = priced.offer
        price = f" for {plain(offer.price.amount)} {offer.price.currency}" if offer.price else ", price not stated"
        unit = f" {words(offer.unit.value)}" if offer.unit and offer.price else ""
        told.append(f"Offers {offer.product or offer.stated_product} as {words(offer.kind.value)}{price}{unit}.")
    told += [f"{signal.reason}." for signal in sorted(finding.signals, key=lambda s: -abs(s.weight))[:8]]
    told += [f"Names a {contact.kind} contact of the {contact.role}." for contact in finding.contacts[:4]]
    return tuple(told)


def benign_considered(finding: Finding, rates: RateBook) -> tuple[tuple[str, str, str], ...]:
    """Harmless explanations that were considered: which, its state (`no`, `yes`, `unknown`), and in words why."""
    names = {signal.name: signal for signal in finding.signals}
    products = [rates.product(one.offer.product) for one in finding.offers if one.offer.product]
    is_open = bool(products) and all(product is not None and product.open_weights for product in products)
    authorised = {
        Authorisation.LISTED: ("yes", "the place is in a dated list of authorised channels"),
        Authorisation.NOT_NEEDED: ("yes", "nothing on offer needs a permission"),
        Authorisation.UNKNOWN: ("unknown", "the place is in no list of authorised channels"),
        Authorisation.DENIED_BY_PROVIDER: ("no", "the provider said that this seller may not"),
    }[finding.authorisation]
    lowest = finding.lowest_share
    return (
        ("Authorised reseller", *authorised),
        (
            "Open weights",
            "yes" if is_open else "no",
            "every product named is open" if is_open else "a closed product is named",
        ),
        _told("Free tier or trial", names, "benign.free_tier", "nothing reads like a provider's own free tier"),
        _told("Education discount", names, "benign.education", "nothing reads like a provider's own education plan"),
        _told("Own key or own product", names, "benign.own_key", "nothing asks for the reader's own key"),
        _told("News, question or warning", names, "benign.news", "the text does not report or warn"),
        (
            "Old or regional official price",
            "no" if lowest is not None and lowest < Decimal("0.8") else "unknown",
            f"the lowest share is {percent(lowest)} of that day's price" if lowest is not None else "no share is known",
        ),
    )


def _told(label: str, names: dict[str, Signal], name: str, otherwise: str) -> tuple[str, str, str]:
    signal = names.get(name)
    return (label, "yes", signal.reason) if signal else (label, "no", otherwise)


def clauses_of(finding: Finding, rates: RateBook) -> tuple[TermsClause, ...]:
    """The clauses of the terms of every provider whose access is on offer."""
    found: list[TermsClause] = []
    for provider in dict.fromkeys(one.offer.provider for one in finding.offers if one.offer.provider):
        try:
            found += rates.provider(provider).terms
        except UnknownProviderError:
            continue
    return tuple(found)


def _version_lines(versions: Sequence[KeptVersion]) -> tuple[VersionLine, ...]:
    lines = []
    for place, version in enumerate(versions[-MOST_VERSIONS:]):
        before = versions[-MOST_VERSIONS:][place - 1] if place else None
        changed = differences(_said(before), _said(version)) if before else ()
        lines.append(
            VersionLine(
                version.number, version.first_seen_at, version.finding.lowest_share, version.listing.title, changed
            )
        )
    return tuple(reversed(lines))


def _said(version: KeptVersion) -> str:
    listing = version.listing
    prices = " ".join(price.text for price in listing.prices)
    return "\n".join(part for part in (listing.title, listing.text, prices) if part)


def _price_points(versions: Sequence[KeptVersion], sightings: Sequence[Sighting]) -> tuple[PricePoint, ...]:
    shares = {version.number: version.finding.lowest_share for version in versions}
    points = []
    for sighting in sightings:
        share = shares.get(sighting.version)
        if share is not None:
            points.append(PricePoint(sighting.observed_at, share))
    return tuple(points)


_DONE = {
    ReviewKind.UNDONE: "took the verdict back",
    ReviewKind.REVERSED: "reversed the verdict",
    ReviewKind.CLAIMED: "claimed the alert",
    ReviewKind.RELEASED: "released the alert",
    ReviewKind.HANDED_OVER: "handed the alert over",
    ReviewKind.SKIPPED: "skipped the alert",
    ReviewKind.SNOOZED: "let the alert sleep",
    ReviewKind.NOTED: "noted",
}


def _timeline(
    memory: ConsoleMemory,
    review: AlertReview,
    versions: Sequence[KeptVersion],
    notices: Sequence[KeptNotice],
    *,
    person: str,
    blind: bool,
) -> tuple[TimelineEntry, ...]:
    """Observations, versions, notices and what people did, newest first; a blind reviewer sees none of the latter."""
    alert = review.alert
    entries = [
        TimelineEntry(v.first_seen_at, f"version {v.number} of the listing was seen", alert.source, False)
        for v in versions
    ]
    entries += [
        TimelineEntry(
            raised.at, f"alert version {raised.version}: {words(raised.change)}", f"rule {raised.rule}", False
        )
        for raised in memory.reviews.raised(alert.alert_id)
    ]
    entries += [
        TimelineEntry(
            n.settled_at or n.created_at,
            f"notice of version {n.alert_version} to {n.channel}: {n.state.value}",
            "delivery",
            False,
            n.detail,
        )
        for n in notices
    ]
    decisions = {kept.number: kept.decision for kept in memory.store.decisions.of(alert.alert_id)}
    for event in review.events:
        if blind and event.actor != person:
            continue
        decision = decisions.get(event.decision_number or 0)
        if event.kind is ReviewKind.DECIDED and decision is not None:
            what = f"decided: {words(decision.outcome.value)}, {reason_label(decision.reason_code).lower()}"
        else:
            what = _DONE.get(event.kind, words(event.kind.value))
        entries.append(TimelineEntry(event.at, what, event.actor, True, event.note))
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))
