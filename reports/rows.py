"""The rows of a dossier: each takes a part of a case and writes it down scrubbed, with every number as text."""

from collections.abc import Iterable, Mapping

from domain.case import Case, CaseListing, Evidence, LeakedKey
from domain.finding import PricedOffer
from domain.listing import HandleRole, Listing
from domain.offer import ImageSpan, PointerSpan, Span
from domain.rate import Rate
from reports.dossier import (
    ClauseRow,
    EvidenceRow,
    KeyRow,
    LegalRow,
    ListingRow,
    OfferRow,
    RedactionRow,
    SellerRow,
    SignalRow,
)
from reports.links import host_of, safe_link
from reports.numbers import decimal_text, share_text, time_text
from reports.redaction import Scrubber

ACCUSABLE = frozenset({HandleRole.SELLER, HandleRole.PUBLISHER, HandleRole.HOST})
"""Roles under which a name may stand in a report; every other role is a third person."""

MACHINES = frozenset({"domain", "base_url", "url", "programme", "key_sha256"})
"""Kinds of seller facts that name a machine or a place rather than a person."""

_EXCERPT_CHARACTERS = 700


def shown_link(address: str | None, scrubber: Scrubber) -> str | None:
    """The exact address, or None when it may not be shown: not http(s), or it holds a secret or a protected person."""
    link = safe_link(address) if address else None
    if link is None:
        return None
    protected = scrubber.protected_names
    return None if protected is not None and protected.search(link) else link


def listing_row(key: str, entry: CaseListing, scrubber: Scrubber, withheld: list[RedactionRow]) -> ListingRow:
    """One listing; an address that may not be shown is added to `withheld` with the reason."""
    listing, finding, decision = entry.listing, entry.finding, entry.decision
    link = shown_link(listing.url, scrubber)
    if link is None:
        withheld.append(
            RedactionRow(f"the address of {key}", "it is no plain http(s) address, or it holds a secret or a person")
        )
    observed = time_text(listing.observed_at)
    sellers = dict.fromkeys(scrubber.name(handle.name) for handle in listing.handles if handle.role in ACCUSABLE)
    return ListingRow(
        key=key,
        link=link,
        host=host_of(link) if link else None,
        platform=scrubber.line(listing.platform, 40),
        title=scrubber.line(listing.title) or "(no title)",
        excerpt=scrubber.quote_block(listing.text, _EXCERPT_CHARACTERS),
        language=scrubber.line(finding.language or listing.language or "", 20),
        sellers=tuple(sellers),
        observed_at=observed,
        posted_at=time_text(listing.posted_at) if listing.posted_at else None,
        first_seen_at=time_text(entry.first_seen_at) if entry.first_seen_at else observed,
        last_seen_at=time_text(entry.last_seen_at) if entry.last_seen_at else observed,
        authorisation=entry.authorisation.value,
        lane=finding.lane.value,
        probability=round(min(1.0, max(0.0, finding.probability)), 4),
        verdict=finding.verdict.value,
        decision=decision.outcome.value if decision else None,
        decision_reason=scrubber.line(decision.reason_code, 80) if decision else None,
        decision_role=decision.role.value if decision else None,
        decided_at=time_text(decision.decided_at) if decision else None,
        signals=tuple(
            SignalRow(scrubber.line(s.name, 80), f"{s.weight:+.2f}", scrubber.line(s.reason)) for s in finding.signals
        ),
        reach=_reach(listing),
        evidence=entry.evidence,
        content_sha256=listing.content_hash,
        rules_version=scrubber.line(finding.rules_version, 80),
        rates_version=scrubber.line(finding.rates_version, 80),
    )


def _reach(listing: Listing) -> str:
    reach = listing.reach
    stated = {"in stock": reach.stock, "sold": reach.sales, "reviews": reach.reviews, "views": reach.views,
              "members": reach.members}  # fmt: skip
    return ", ".join(f"{count} {what}" for what, count in stated.items() if count is not None)


def offer_rows(case: Case, scrubber: Scrubber) -> Iterable[OfferRow]:
    """Every offer of every listing, numbered through the case."""
    number = 0
    for position, entry in enumerate(case.listings, 1):
        for priced in entry.finding.offers:
            number += 1
            yield _offer_row(number, f"L{position}", priced, entry.listing, scrubber)


def _offer_row(number: int, key: str, priced: PricedOffer, listing: Listing, scrubber: Scrubber) -> OfferRow:
    offer, comparison = priced.offer, priced.comparison
    share, official = comparison.share, comparison.official
    assumptions = dict.fromkeys((*offer.assumptions, *comparison.assumptions))
    return OfferRow(
        number=number,
        listing=key,
        product=scrubber.line(offer.product or offer.stated_product, 120) or "(not named)",
        stated_product=scrubber.line(offer.stated_product, 120),
        provider=scrubber.line(offer.provider or "", 80),
        kind=offer.kind.value,
        price_amount=decimal_text(offer.price.amount) if offer.price else None,
        price_currency=offer.price.currency if offer.price else None,
        unit=offer.unit.value if offer.unit else None,
        quantity=decimal_text(offer.quantity),
        period_days=offer.period_days,
        seats=offer.seats,
        multiplier=decimal_text(offer.multiplier) if offer.multiplier is not None else None,
        claimed_share=share_text(offer.claimed_share) if offer.claimed_share is not None else None,
        at_least=offer.at_least,
        share_low=share_text(share.low) if share else None,
        share_best=share_text(share.best) if share else None,
        share_high=share_text(share.high) if share else None,
        refusal=comparison.refusal.value if comparison.refusal else None,
        assumptions=tuple(scrubber.line(text, 200) for text in assumptions),
        conditions=_conditions(offer.conditions, scrubber),
        quote=_quote(offer.span, listing, scrubber),
        **_official(official),
    )


def _official(official: Rate | None) -> dict[str, str | None]:
    if official is None:
        return dict.fromkeys(
            ("official_amount", "official_currency", "official_unit", "official_source", "official_valid_from",
             "official_checked_on")
        )  # fmt: skip
    return {
        "official_amount": decimal_text(official.price.amount),
        "official_currency": official.price.currency,
        "official_unit": official.unit.value,
        "official_source": safe_link(official.source_url),
        "official_valid_from": official.valid_from.isoformat() if official.valid_from else None,
        "official_checked_on": official.checked_on.isoformat() if official.checked_on else None,
    }


def _conditions(conditions: Mapping[str, str], scrubber: Scrubber) -> str:
    stated = (f"{scrubber.line(name, 40)}: {scrubber.line(value, 80)}" for name, value in sorted(conditions.items()))
    return "; ".join(stated)


def _quote(span: Span, listing: Listing, scrubber: Scrubber) -> str:
    if isinstance(span, PointerSpan):
        return scrubber.line(f"field {span.pointer} of the page", 160)
    if isinstance(span, ImageSpan):
        return scrubber.line(f"picture {span.image}", 160)
    return scrubber.quote(listing.title if span.field == "title" else listing.text, span.start, span.end)


def seller_rows(case: Case, scrubber: Scrubber) -> Iterable[SellerRow]:
    """What is known of who sells, each value once; what concerns third persons is passed over."""
    seen: set[tuple[str, str]] = set()
    for fact in case.sellers:
        if fact.role not in ACCUSABLE:
            continue
        personal = fact.kind not in MACHINES
        value = scrubber.name(fact.value) if personal else scrubber.line(fact.value)
        if not value or (fact.kind, value) in seen:
            continue
        seen.add((fact.kind, value))
        yield SellerRow(
            kind=scrubber.line(fact.kind, 40),
            value=value,
            role=fact.role.value,
            platform=scrubber.line(fact.platform, 40),
            reason=scrubber.line(fact.reason),
            personal=personal,
        )


def key_rows(keys: Iterable[LeakedKey], scrubber: Scrubber, withheld: list[RedactionRow]) -> Iterable[KeyRow]:
    """Leaked keys by digest; one whose address may not be shown is added to `withheld`."""
    for key in keys:
        link = shown_link(key.url, scrubber)
        if link is None:
            withheld.append(RedactionRow(f"key {key.sha256[:12]}", "the address it stood at may not be shown"))
            continue
        yield KeyRow(
            kind=key.kind,
            visible=key.visible[:8],
            sha256=key.sha256,
            link=link,
            place=key.place,
            observed_at=time_text(key.observed_at),
            provider=scrubber.line(key.provider or "", 80),
        )


def evidence_row(piece: Evidence, scrubber: Scrubber) -> EvidenceRow:
    """One piece of evidence."""
    return EvidenceRow(
        sha256=piece.sha256,
        kind=piece.kind.value,
        media_type=scrubber.line(piece.media_type, 80),
        size_bytes=piece.size_bytes,
        captured_at=time_text(piece.captured_at),
        link=shown_link(piece.url, scrubber),
        description=scrubber.line(piece.description),
        masked=piece.masked,
        may_leave=piece.masked or piece.released,
        capture_tool=scrubber.line(piece.capture_tool, 80),
        missing=tuple(scrubber.line(text, 120) for text in piece.missing),
    )


def clause_rows(case: Case, scrubber: Scrubber) -> Iterable[ClauseRow]:
    """The clauses of the provider's terms."""
    for clause in case.terms:
        link = safe_link(clause.url)
        if link is not None:
            yield ClauseRow(
                scrubber.line(clause.document), scrubber.line(clause.clause), scrubber.line(clause.gist), link,
                clause.as_of.isoformat(),
            )  # fmt: skip


def legal_row(case: Case, scrubber: Scrubber) -> LegalRow | None:
    """The legal ground that a person chose, None where nobody did."""
    basis = case.legal_basis
    if basis is None:
        return None
    return LegalRow(
        ground=basis.ground,
        citation=scrubber.line(basis.citation, 300),
        explanation=scrubber.text(basis.explanation, 4000),
        bona_fide_confirmed=basis.bona_fide_confirmed,
        chosen_by=basis.chosen_by.value,
        chosen_at=time_text(basis.chosen_at),
    )
