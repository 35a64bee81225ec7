"""From what is remembered to a case that can be reported: listings, decisions by role, sellers, keys, evidence."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from detectors.assess import pricing_day
from domain.case import (
    Case,
    CaseKind,
    CaseListing,
    Clause,
    Evidence,
    EvidenceKind,
    LeakedKey,
    LegalBasis,
    LegalGround,
    Role,
    RoleDecision,
    SellerFact,
    TimelineEvent,
    Tlp,
)
from domain.decision import Outcome
from domain.errors import UndercutError
from domain.finding import Authorisation, Finding, PricedOffer
from domain.listing import HandleRole
from line.decide import review_of
from line.leaked_keys import PREFIX
from rates.book import RateBook
from rates.errors import UnknownProviderError
from reports.extracts import RawCapture, extract
from reports.prepare import ReportOptions
from storage.console_memory import ConsoleMemory
from storage.reports import ReportedPlace

MOST_ALERTS = 500
MOST_PICTURE_BYTES = 8_000_000
_MACHINE_KINDS = {"base_url": "base_url", "domain": "domain"}


class ReportCaseError(UndercutError):
    """What was asked for cannot be made into a case; the message says what can."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a report is about: its subject in the house, the number that recipients see, and the alerts."""

    subject: str
    case_id: str
    title: str
    alert_ids: tuple[str, ...]
    key_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A case with the bodies that may go with it, and the listings it names."""

    case: Case
    bodies: Mapping[str, bytes]
    places: tuple[ReportedPlace, ...]
    undecided: tuple[str, ...]


def matter_of(memory: ConsoleMemory, name: str) -> Matter:
    """What somebody means by `7` or `case:7`, by an alert's id or its first characters, or by `key:<digest>`.

    Raises ReportCaseError.
    """
    wanted = name.strip()
    number = wanted.removeprefix("case:").removeprefix("C-")
    if number.isascii() and number.isdigit() and len(number) < 8 and not wanted.startswith("alert:"):
        found = memory.cases.get(int(number))
        return Matter(f"case:{found.number}", f"C-{found.number}", found.title, memory.cases.alerts(found.number))
    if wanted.startswith("key:"):
        return _matter_of_key(memory, wanted.removeprefix("key:"))
    start = wanted.removeprefix("alert:")
    alerts = memory.store.alerts.find(start, limit=2) if start else ()
    if len(alerts) != 1:
        what = "no alert's id begins" if not alerts else "more than one alert begins"
        raise ReportCaseError(f"{what} with {start[:40]!r}; give a case's number, an alert's id or key:<digest>")
    alert = alerts[0]
    return Matter(f"alert:{alert.alert_id}", f"A-{alert.alert_id[:12]}", alert.title, (alert.alert_id,))


def _matter_of_key(memory: ConsoleMemory, start: str) -> Matter:
    digests = {
        one.found.key_sha256 for one in memory.store.leaked_keys.list() if one.found.key_sha256.startswith(start)
    }
    if len(digests) != 1 or len(start) < 8:
        raise ReportCaseError(
            f"{len(digests)} keys have a digest that begins with {start[:70]!r}; give at least 8 characters of one; "
            "`undercut keys list` shows them"
        )
    [digest] = digests
    return Matter(f"key:{digest}", f"K-{digest[:12]}", f"Key with digest {digest[:12]}", (), digest)


def gather(
    memory: ConsoleMemory, matter: Matter, wish: Mapping[str, str], rates: RateBook, options: ReportOptions,
    recipient_provider: str | None,
) -> Gathered:  # fmt: skip
    """The case as it stands now, with the evidence that may go to that recipient. Raises ReportCaseError.

    An alert that was decided to be no violation or a duplicate is left out: nothing says that it should be reported.
    """
    if len(matter.alert_ids) > MOST_ALERTS:
        raise ReportCaseError(f"{matter.case_id} has {len(matter.alert_ids)} alerts; report at most {MOST_ALERTS}")
    correcting = options.correction is not None
    entries, undecided = _entries(memory, matter, wish, rates, everything=correcting)
    # A provider hears of its own keys only: whose they are is for nobody else.
    keys = tuple(
        key
        for key in _keys(memory, matter, entries)
        if recipient_provider is None or key.provider in {"", recipient_provider}
    )
    if not entries and not keys:
        raise ReportCaseError(
            f"{matter.case_id} has nothing to report: every alert was dismissed, or it is another provider's"
        )
    provider = wish.get("provider") or recipient_provider or _provider_of(entries, keys)
    name, terms = _provider_facts(provider, rates)
    case = Case(
        case_id=matter.case_id,
        title=matter.title,
        kind=_kind(wish, keys),
        provider=provider,
        provider_name=name,
        provider_site=provider_site(provider, rates),
        products=_products(entries),
        listings=entries,
        opened_at=_opened_at(entries, keys),
        sellers=tuple(_sellers(entries)),
        leaked_keys=keys,
        timeline=tuple(_timeline(entries)),
        terms=terms,
        legal_basis=_legal_basis(wish, options.prepared_at),
        tlp=Tlp(wish.get("tlp") or Tlp.AMBER),
        reply="; ".join(reply.text for reply in memory.store.reports.replies(matter.subject)),
    )
    with_evidence, bodies = _with_evidence(memory, case, options, wish.get("pictures", ""))
    places = tuple(ReportedPlace(e.alert_id, e.listing.source, e.listing.external_id) for e in entries)
    return Gathered(with_evidence, bodies, places, undecided)


def _entries(
    memory: ConsoleMemory, matter: Matter, wish: Mapping[str, str], rates: RateBook, *, everything: bool
) -> tuple[tuple[CaseListing, ...], tuple[str, ...]]:
    entries, undecided = [], []
    for alert_id in matter.alert_ids:
        review = review_of(memory, alert_id)
        outcome = review.standing.outcome
        if outcome in {Outcome.NOT_A_VIOLATION, Outcome.DUPLICATE} and not everything:
            continue
        if outcome is not Outcome.CONFIRMED:
            undecided.append(alert_id)
        alert = review.alert
        versions = memory.store.histories.versions(alert.source, alert.external_id)
        state = memory.store.histories.state(alert.source, alert.external_id)
        last = review.standing.last
        decision = None
        if last is not None and outcome is not None:
            established = _established(outcome, wish)
            role = _role_of(memory, last.decision.analyst)
            decision = RoleDecision(outcome, last.decision.reason_code, role, last.decision.decided_at, established)
        listing = versions[-1].listing
        finding = _with_exchange_rates(alert.finding, rates, pricing_day(listing))
        entries.append(
            CaseListing(
                alert_id, listing, finding, decision, (),
                state.first_seen_at if state else None, state.last_seen_at if state else None,
            )
        )  # fmt: skip
    return tuple(entries), tuple(undecided)


def _with_exchange_rates(finding: Finding, rates: RateBook, on: date) -> Finding:
    """The finding whose comparisons name the exchange rate, so that a reader can do the arithmetic again."""
    return replace(finding, offers=tuple(_exchanged(priced, rates, on) for priced in finding.offers))


def _exchanged(priced: PricedOffer, rates: RateBook, on: date) -> PricedOffer:
    price, comparison = priced.offer.price, priced.comparison
    if price is None or comparison.share is None or price.currency == "USD" or not price.amount:
        return priced
    try:
        converted = rates.to_usd(price, on)
    except UndercutError:
        return priced
    if not converted.usd:
        return priced
    said = f"1 USD = {(price.amount / converted.usd).quantize(Decimal('0.0001'))} {price.currency}"
    said += f", official rate of {converted.rate_month}"
    if any(said in known for known in comparison.assumptions):
        return priced
    return replace(priced, comparison=replace(comparison, assumptions=(*comparison.assumptions, said)))


def _established(outcome: Outcome, wish: Mapping[str, str]) -> Authorisation | None:
    if outcome is Outcome.AUTHORISED:
        return Authorisation.LISTED
    return Authorisation.DENIED_BY_PROVIDER if wish.get("denied") and outcome is Outcome.CONFIRMED else None


def _role_of(memory: ConsoleMemory, name: str) -> Role:
    account = memory.accounts.named(name)
    return Role.LEAD if account is not None and "lead" in account.roles else Role.ANALYST


def _keys(memory: ConsoleMemory, matter: Matter, entries: Sequence[CaseListing]) -> Iterator[LeakedKey]:
    named = {entry.listing.external_id.removeprefix(PREFIX).partition("@")[0]
             for entry in entries if entry.listing.external_id.startswith(PREFIX)}  # fmt: skip
    if not named and not matter.key_sha256:
        return
    for kept in memory.store.leaked_keys.list():
        found = kept.found
        if found.key_sha256 == matter.key_sha256 or found.key_sha256[:16] in named:
            place = "telegram_message" if "telegram" in found.source else "content"
            yield LeakedKey(found.kind, found.visible, found.key_sha256, found.url, place, found.seen_at, found.issuer)


def _kind(wish: Mapping[str, str], keys: Sequence[LeakedKey]) -> CaseKind:
    if wish.get("kind"):
        return CaseKind(wish["kind"])
    return CaseKind.LEAKED_KEYS if keys else CaseKind.RESALE


def _provider_of(entries: Sequence[CaseListing], keys: Sequence[LeakedKey]) -> str:
    named = Counter(key.provider for key in keys if key.provider)
    named += Counter(p.offer.provider for e in entries for p in e.finding.offers if p.offer.provider)
    # The most named one; of several the first by name, so that the same case gives the same report.
    return min(named, key=lambda provider: (-named[provider], provider)) if named else ""


def _provider_facts(provider: str, rates: RateBook) -> tuple[str, tuple[Clause, ...]]:
    try:
        known = rates.provider(provider)
    except UnknownProviderError:
        return provider or "the provider", ()
    return known.name, tuple(Clause(c.document, c.clause, c.gist, c.url, c.as_of) for c in known.terms)


def provider_site(provider: str, rates: RateBook) -> str:
    """A provider's own site, empty where it is not known."""
    try:
        domains = rates.provider(provider).domains
    except UnknownProviderError:
        return ""
    return f"https://{domains[0]}/" if domains else ""


def _products(entries: Sequence[CaseListing]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.offer.product for e in entries for p in e.finding.offers if p.offer.product))[:40]


def _opened_at(entries: Sequence[CaseListing], keys: Sequence[LeakedKey]) -> datetime:
    return min([*(e.first_seen_at or e.listing.observed_at for e in entries), *(key.observed_at for key in keys)])


def _sellers(entries: Sequence[CaseListing]) -> Iterator[SellerFact]:
    for number, entry in enumerate(entries, 1):
        for handle in entry.listing.handles:
            reason = f"published L{number}" if handle.role is not HandleRole.MENTIONED else f"named in L{number}"
            yield SellerFact("account", handle.name, handle.role, reason, handle.platform, handle.url)
        for contact in entry.finding.contacts:
            if contact.role == HandleRole.SELLER.value:
                yield SellerFact(contact.kind, contact.value, HandleRole.SELLER, f"contact given in L{number}")
        for indicator in entry.finding.indicators:
            if indicator.kind in _MACHINE_KINDS:
                yield SellerFact(indicator.kind, indicator.value, HandleRole.HOST, f"named in L{number}")


def _timeline(entries: Sequence[CaseListing]) -> Iterator[TimelineEvent]:
    for number, entry in enumerate(entries, 1):
        if entry.listing.posted_at:
            yield TimelineEvent(entry.listing.posted_at, f"L{number} posted, as the page says", "the page")
        first, last = entry.first_seen_at, entry.last_seen_at
        if first:
            yield TimelineEvent(first, f"L{number} first seen", "crawler")
        if last and last != first:
            yield TimelineEvent(last, f"L{number} last seen", "crawler")
        if entry.decision:
            outcome = entry.decision.outcome.value.replace("_", " ")
            yield TimelineEvent(entry.decision.decided_at, f"L{number} reviewed: {outcome}", entry.decision.role.value)


def _legal_basis(wish: Mapping[str, str], at: datetime) -> LegalBasis | None:
    ground = wish.get("legal_ground")
    if not ground:
        return None
    return LegalBasis(
        ground=LegalGround(ground), explanation=wish.get("legal_explanation", ""),
        chosen_by=Role(wish.get("legal_role") or Role.ANALYST), chosen_at=at,
        bona_fide_confirmed=wish.get("bona_fide") == "yes", citation=wish.get("legal_citation", ""),
    )  # fmt: skip


def _with_evidence(
    memory: ConsoleMemory, case: Case, options: ReportOptions, pictures: str
) -> tuple[Case, Mapping[str, bytes]]:
    """Extracts of what was read, raw captures by digest only, and pictures where a person released them."""
    rows: dict[str, Evidence] = {}
    bodies: dict[str, bytes] = {}
    listings = []
    for entry in case.listings:
        own = []
        for page in memory.store.reported.pages(entry.listing.source, entry.listing.external_id)[:1]:
            raw = RawCapture(page.sha256, page.body_bytes, page.media_type, page.fetched_at, page.transport, page.url)
            row, body = extract(case, entry, raw, options)
            rows[row.sha256], bodies[row.sha256] = row, body
            own.append(row.sha256)
            if page.screenshot_sha256 and pictures and memory.store.evidence.has(page.screenshot_sha256):
                picture = memory.store.evidence.open(page.screenshot_sha256)
                own.append(page.screenshot_sha256)
                rows[page.screenshot_sha256] = Evidence(
                    page.screenshot_sha256, EvidenceKind.SCREENSHOT, "image/png", len(picture), page.fetched_at,
                    page.url, "picture of the page, looked at by a person", masked=False, released=True,
                    release_reason=pictures, capture_tool=f"undercut, {page.transport}",
                )  # fmt: skip
                if len(picture) <= MOST_PICTURE_BYTES:
                    bodies[page.screenshot_sha256] = picture
        listings.append(replace(entry, evidence=tuple(dict.fromkeys(own))))
    return replace(case, listings=tuple(listings), evidence=tuple(rows.values())), bodies
