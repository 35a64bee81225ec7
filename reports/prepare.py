"""From a case to what one recipient may see: scrub every text, write every number once, say what was left out."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.case import Case, CaseKind, Tlp
from domain.finding import Authorisation, Lane
from domain.listing import HandleRole
from reports.dossier import (
    Dossier,
    EventRow,
    RedactionRow,
    Reporter,
)
from reports.errors import AuthorisedListingError, ReportError
from reports.links import safe_link
from reports.numbers import time_text
from reports.redaction import Scrubber, make_scrubber
from reports.rows import (
    ACCUSABLE,
    MACHINES,
    clause_rows,
    evidence_row,
    key_rows,
    legal_row,
    listing_row,
    offer_rows,
    seller_rows,
)
from reports.wording import write_wording

_NAMESPACE = "undercut report"


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """What one report is for: whom it goes to, what that recipient needs, when it was prepared.

    `show_handles` gives the seller's names as they are; without it they become pseudonyms under `pseudonym_key`.
    `correction` is the reason for taking back the report named in `corrects`. `most_links` is the recipient's limit.
    `report_id` is the number it is kept under; one is derived without it.
    """

    reporter: Reporter
    recipient: str
    recipient_name: str
    prepared_at: datetime
    show_handles: bool = False
    pseudonym_key: bytes | None = None
    tlp: Tlp | None = None
    most_links: int | None = None
    correction: str | None = None
    corrects: str | None = None
    report_id: str | None = None


def report_uuid(*parts: str) -> UUID:
    """The same identifier for the same thing in every rendering, so that a repeat is recognised as one.

    It is derived, and bears the version number 4 since STIX validators take no other for domain objects.
    """
    digest = hashlib.sha256("\x1f".join((_NAMESPACE, *parts)).encode("utf-8", "replace")).digest()
    return UUID(bytes=digest[:16], version=4)


def prepare(case: Case, options: ReportOptions) -> Dossier:
    """The case as `options.recipient` may see it.

    Raises AuthorisedListingError for a resale case that holds a listing sold with permission (unless it is being
    taken back), and ReportError for a case without listings and keys.
    """
    if not case.listings and not case.leaked_keys:
        raise ReportError(f"case {case.case_id} has neither listings nor keys; add an alert to it")
    if options.correction is None:
        _refuse_authorised(case)
    scrubber = case_scrubber(case, options)
    withheld: list[RedactionRow] = []
    listings = tuple(
        listing_row(f"L{number}", entry, scrubber, withheld) for number, entry in enumerate(case.listings, 1)
    )
    offers = tuple(offer_rows(case, scrubber))
    correction = None if options.correction is None else scrubber.line(options.correction, 500)
    return Dossier(
        report_id=options.report_id
        or str(report_uuid(case.case_id, options.recipient, time_text(options.prepared_at))),
        case_id=scrubber.line(case.case_id, 80) or "(no case number)",
        title=scrubber.line(case.title) or "(no title)",
        kind=case.kind,
        provider=scrubber.line(case.provider, 80),
        provider_name=scrubber.line(case.provider_name, 80) or "the provider",
        provider_site=safe_link(case.provider_site) or "",
        products=tuple(scrubber.line(product, 120) for product in case.products),
        recipient=options.recipient,
        recipient_name=scrubber.line(options.recipient_name),
        reporter=options.reporter,
        opened_at=time_text(min(case.opened_at, options.prepared_at)),
        prepared_at=time_text(options.prepared_at),
        tlp=options.tlp or case.tlp,
        handles_shown=options.show_handles,
        offers=offers,
        listings=listings,
        sellers=tuple(seller_rows(case, scrubber)),
        keys=tuple(key_rows(case.leaked_keys, scrubber, withheld)),
        evidence=tuple(evidence_row(piece, scrubber) for piece in case.evidence),
        timeline=tuple(
            EventRow(time_text(event.at), scrubber.line(event.what, 300), scrubber.line(event.by, 60))
            for event in sorted(case.timeline, key=lambda event: event.at)
        ),
        terms=tuple(clause_rows(case, scrubber)),
        legal=legal_row(case, scrubber),
        redactions=_redactions(case, options, scrubber, withheld),
        wording=write_wording(_worded(case, scrubber), listings, offers, options.reporter.email, correction),
        correction=correction,
        corrects=options.corrects,
        most_links=options.most_links,
    )


def case_scrubber(case: Case, options: ReportOptions) -> Scrubber:
    """What takes out of every text of the case whatever that recipient may not see."""
    return make_scrubber(
        _seller_names(case), _person_names(case), key=options.pseudonym_key, reveal=options.show_handles
    )


def persons_of(case: Case) -> frozenset[str]:
    """Every name of a third person that the case knows; none of them may stand in any output."""
    return frozenset(_person_names(case))


def _worded(case: Case, scrubber: Scrubber) -> Case:
    """The case with the texts that go into sentences scrubbed; sentences are built from nothing else of it."""
    return replace(
        case,
        case_id=scrubber.line(case.case_id, 80),
        provider_name=scrubber.line(case.provider_name, 80) or "the provider",
        reply=scrubber.line(case.reply, 600),
    )


def _refuse_authorised(case: Case) -> None:
    for entry in case.listings:
        permitted = entry.authorisation in {Authorisation.LISTED, Authorisation.NOT_NEEDED}
        if case.kind is CaseKind.RESALE and permitted and entry.finding.lane is not Lane.CREDENTIAL_ABUSE:
            raise AuthorisedListingError(
                f"case {case.case_id}: alert {entry.alert_id} is sold with permission "
                f"({entry.authorisation.value}); take it out of the case before reporting"
            )


def _seller_names(case: Case) -> Iterable[str]:
    for fact in case.sellers:
        if fact.role in ACCUSABLE and fact.kind not in MACHINES:
            yield fact.value
    for entry in case.listings:
        yield from (handle.name for handle in entry.listing.handles if handle.role in ACCUSABLE)
        yield from (
            contact.value
            for contact in entry.finding.contacts
            if contact.role == HandleRole.SELLER.value and contact.kind not in MACHINES
        )


def _person_names(case: Case) -> Iterable[str]:
    sellers = set(_seller_names(case))
    yield from case.third_persons
    for fact in case.sellers:
        if fact.role not in ACCUSABLE and (fact.role is HandleRole.VICTIM or fact.value not in sellers):
            yield fact.value
    for entry in case.listings:
        for handle in entry.listing.handles:
            if handle.role is HandleRole.VICTIM or (handle.role not in ACCUSABLE and handle.name not in sellers):
                yield handle.name
        for contact in entry.finding.contacts:
            if contact.role != HandleRole.SELLER.value and contact.value not in sellers:
                yield contact.value


def _redactions(
    case: Case, options: ReportOptions, scrubber: Scrubber, withheld: Iterable[RedactionRow]
) -> tuple[RedactionRow, ...]:
    rows = [
        RedactionRow("secrets", "a key in a report is a key given away; first characters and digests stay"),
        RedactionRow("buyers and other third persons", "they are not concerned; names and contacts are taken out"),
        RedactionRow("analysts' names and notes", "people are named by role"),
    ]
    if not options.show_handles:
        reason = "this recipient can act without them; the same seller has the same pseudonym in all our reports"
        rows.append(RedactionRow("names of sellers", f"{reason}. Exact links stay and may contain a public name"))
    rows += [RedactionRow(scrubber.line(r.what), scrubber.line(r.reason)) for r in case.redactions]
    return (*rows, *withheld)
