"""Plain text for web forms and mail: the observations, and the exact links, one per line, within a platform's limit."""

import re
from collections.abc import Iterator

from reports.dossier import Dossier, ListingRow, Materials, OfferRow
from reports.format import Format, RenderedFile
from reports.numbers import percent_text

DEFAULT_MOST_LINKS = 300
_WIDTH = 96
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def render_text(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`report.txt`, and `links-01.txt` and so on with at most the recipient's number of links each."""
    body = "\n".join(_lines(dossier)) + "\n"
    most = dossier.most_links or DEFAULT_MOST_LINKS
    links = tuple(dict.fromkeys((*dossier.links, *(key.link for key in dossier.keys))))
    files = [RenderedFile("report.txt", "text/plain", body.encode("utf-8"))]
    for start in range(0, len(links), most):
        content = "".join(f"{link}\n" for link in links[start : start + most])
        files.append(RenderedFile(f"links-{start // most + 1:02d}.txt", "text/plain", content.encode("utf-8")))
    return tuple(files)


def _lines(dossier: Dossier) -> Iterator[str]:
    wording = dossier.wording
    yield ("CORRECTION of report " + (dossier.corrects or "")) if dossier.correction else "REPORT OF OBSERVATIONS"
    yield dossier.title
    yield ""
    yield f"Report {dossier.report_id}   case {dossier.case_id}   TLP:{dossier.tlp.value.upper()}"
    yield f"Prepared {dossier.prepared_at} for {dossier.recipient_name} by {dossier.reporter.organisation}"
    yield f"Answers to {dossier.reporter.email}"
    yield ""
    yield from wording.summary
    yield ""
    for heading, text in (
        ("Permission", wording.authorisation), ("Confidence", wording.confidence), ("Request", wording.request),
    ):  # fmt: skip
        yield f"{heading}: {text}"
    if dossier.legal is not None:
        yield f"Legal ground chosen by {dossier.legal.chosen_by}: {dossier.legal.ground.value} {dossier.legal.citation}"
        yield from (f"    {line}" for line in dossier.legal.explanation.splitlines())
    yield from _listings(dossier)
    yield from _rest(dossier)


def _listings(dossier: Dossier) -> Iterator[str]:
    for listing in dossier.listings:
        yield ""
        yield f"{listing.key}  {listing.title}"
        yield f"    {listing.link or '(address withheld)'}"
        yield f"    observed {listing.observed_at}; first {listing.first_seen_at}; last {listing.last_seen_at}"
        if listing.sellers:
            yield f"    published by {', '.join(listing.sellers)}"
        yield f"    authorisation {listing.authorisation}; probability {listing.probability:.4f}{_decided(listing)}"
        for offer in dossier.offers_of(listing.key):
            yield f"    offer {offer.number}: {_offer(offer)}"
        yield from (f"    evidence sha256 {digest}" for digest in listing.evidence)


def _decided(listing: ListingRow) -> str:
    return f"; {listing.decision} by {listing.decision_role} at {listing.decided_at}" if listing.decision else ""


def _offer(offer: OfferRow) -> str:
    price = f"{offer.price_amount} {offer.price_currency}" if offer.price_amount else "no price stated"
    stated = f"{offer.product}: {price} {offer.unit or ''}".rstrip()
    if offer.share_best is None:
        return f"{stated}; not compared: {offer.refusal}"
    official = f"{offer.official_amount} {offer.official_currency} {offer.official_unit}"
    share = f"{percent_text(offer.share_best)} % of the official price"
    span = f"{percent_text(offer.share_low or '0')} to {percent_text(offer.share_high or '0')} %"
    return f"{stated}; official {official}; {share} ({span})"


def _rest(dossier: Dossier) -> Iterator[str]:
    if dossier.sellers:
        yield from ("", "Who sells, as the pages show it")
        yield from (f"    {row.kind} {row.value} ({row.role}): {row.reason}" for row in dossier.sellers)
    if dossier.keys:
        yield from ("", "Keys by digest")
        yield from (f"    {key.kind} {key.visible}... sha256 {key.sha256}\n    {key.link}" for key in dossier.keys)
    if dossier.terms:
        yield from ("", "Terms that may apply")
        yield from (f"    {row.document}, {row.clause}, as of {row.as_of}: {row.gist}\n    {row.url}"
                    for row in dossier.terms)  # fmt: skip
    if dossier.evidence:
        yield from ("", "Evidence")
        yield from (f"    {row.sha256}  {row.kind}, {row.size_bytes} bytes, captured {row.captured_at}"
                    for row in dossier.evidence)  # fmt: skip
    if dossier.timeline:
        yield from ("", "Timeline (UTC)")
        yield from (f"    {event.at}  {event.what} ({event.by})" for event in dossier.timeline)
    yield from ("", "Limits")
    yield from (f"    {text}" for text in dossier.wording.limits)
    yield from ("", "Left out")
    yield from (f"    {row.what}: {row.reason}" for row in dossier.redactions)
    yield from ("", f"Right of reply: {dossier.wording.reply}")


def check_text(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """No character that acts on a terminal, and every line of a links file is one absolute http(s) address."""
    problems = []
    for file in files:
        text = file.content.decode("utf-8")
        if found := _CONTROL.search(text):
            problems.append(f"{file.name} holds the control character U+{ord(found.group()):04X}")
        if file.name.startswith("links-"):
            bad = [line for line in text.splitlines() if not re.fullmatch(r"https?://[^\s<>\"'`]{1,2000}", line)]
            problems += [f"{file.name}: no exact link: {line[:60]!r}" for line in bad]
    return tuple(problems)


FORMAT = Format("text", "Plain text", "web forms and mail", render_text, check_text)
