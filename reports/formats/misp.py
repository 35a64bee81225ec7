"""MISP event, built with PyMISP's strict templates so that a wrong relation or a missing attribute stops it here."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from pymisp import MISPEvent, MISPObject

from reports.attachments import extension
from reports.dossier import Dossier, ListingRow, Materials, OfferRow
from reports.format import Format, RenderedFile
from reports.json_files import json_file
from reports.prepare import report_uuid

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNDEFINED_THREAT = 4
_COMPLETED = 2


def render_misp(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`misp_event.json`."""
    event = MISPEvent()
    event.info = f"{'Correction: ' if dossier.correction else ''}{dossier.title} (case {dossier.case_id})"
    event.date = date.fromisoformat(dossier.prepared_at[:10])
    event.distribution = 0
    event.threat_level_id = _UNDEFINED_THREAT
    event.analysis = _COMPLETED
    event.timestamp = datetime.fromisoformat(dossier.prepared_at)
    for tag in (f"tlp:{dossier.tlp.value}", *(["undercut:correction"] if dossier.correction else [])):
        event.add_tag(tag)
    sellers = {row.value: event.add_object(_seller(row.value, row.kind, row.platform, row.reason))
               for row in dossier.sellers if row.personal}  # fmt: skip
    for row in dossier.sellers:
        if not row.personal:
            _text(event, row.value, f"seller {row.kind}: {row.reason}")
    for listing in dossier.listings:
        _listing(event, dossier, listing, sellers)
    for piece in dossier.evidence:
        event.add_object(_file(piece.sha256, piece.kind, piece.media_type, piece.size_bytes))
        event.add_object(_forensic(dossier, piece.sha256, piece.capture_tool, "; ".join(piece.missing)))
    for key in dossier.keys:
        event.add_object(_key(key.kind, key.visible, key.sha256, key.link))
    event.add_object(_summary(dossier))
    value = orjson.loads(event.to_json())
    value["Orgc"] = {"name": dossier.reporter.organisation, "uuid": str(report_uuid(dossier.reporter.domain, "misp"))}
    _fix_identifiers(value, dossier.report_id)
    return (json_file("misp_event.json", {"Event": value}),)


def _object(name: str, comment: str = "") -> MISPObject:
    made = MISPObject(name, strict=True)
    made.comment = comment
    return made


def _fill(made: MISPObject, **values: Any) -> MISPObject:
    """Attributes by relation, none of them a detection rule (`to_ids`): a listing is seen, not blocked."""
    for relation, value in values.items():
        if value not in (None, ""):
            made.add_attribute(relation.replace("_", "-"), value=value, to_ids=False)
    return made


def _seller(name: str, kind: str, platform: str, reason: str) -> MISPObject:
    made = _object("user-account", f"who sells, as the pages show it: {reason}")
    return _fill(made, username=name, display_name=name, account_type=platform or kind)


def _listing(event: MISPEvent, dossier: Dossier, listing: ListingRow, sellers: dict[str, MISPObject]) -> None:
    for offer in dossier.offers_of(listing.key):
        _prices(event, listing, offer)
    _text(event, listing.authorisation, f"authorisation of {listing.key}")
    _float(event, f"{listing.probability:.4f}", f"probability of {listing.key}")
    if listing.link is None:
        return
    made = _object("url", f"{listing.key}: {listing.title}")
    domain = listing.host if listing.host and "." in listing.host and not _is_address(listing.host) else None
    _fill(made, url=listing.link, domain=domain, first_seen=listing.first_seen_at, last_seen=listing.last_seen_at)
    for name in listing.sellers:
        account = sellers.get(name)
        if account is None:
            account = sellers[name] = event.add_object(
                _seller(name, listing.platform, listing.platform, f"account that published {listing.key}")
            )
        made.add_reference(account.uuid, "authored-by")
    event.add_object(made)


def _prices(event: MISPEvent, listing: ListingRow, offer: OfferRow) -> None:
    place = f"{listing.key} offer {offer.number} {offer.product}"
    if offer.price_amount is not None:
        _text(
            event,
            f"{offer.price_amount} {offer.price_currency} {offer.unit or ''}".strip(),
            f"price as stated: {place}",
        )
    if offer.share_best is None:
        _text(event, offer.refusal or "", f"not compared: {place}")
        return
    official = f"{offer.official_amount} {offer.official_currency} {offer.official_unit}"
    _text(event, official, f"official price: {place}; {offer.official_source or ''}")
    _float(event, offer.share_best, f"share of the official price: {place} ({offer.share_low} to {offer.share_high})")


def _text(event: MISPEvent, value: str, comment: str) -> None:
    event.add_attribute("text", value, category="Other", comment=comment, to_ids=False)


def _float(event: MISPEvent, value: str, comment: str) -> None:
    event.add_attribute("float", value, category="Other", comment=comment, to_ids=False)


def _file(sha256: str, kind: str, media_type: str, size: int) -> MISPObject:
    name = f"{kind}-{sha256[:12]}.{extension(media_type)}"
    return _fill(_object("file", f"evidence: {kind}"), filename=name, sha256=sha256, size_in_bytes=size)


def _forensic(dossier: Dossier, sha256: str, tool: str, missing: str) -> MISPObject:
    made = _object("forensic-evidence")
    comments = f"not shown by the capture: {missing}" if missing else None
    return _fill(made, case_number=dossier.case_id, evidence_number=sha256, acquisition_tools=tool,
                 additional_comments=comments)  # fmt: skip


def _key(kind: str, visible: str, sha256: str, link: str) -> MISPObject:
    made = _object("credential", "key by digest; never the key")
    return _fill(made, password=f"sha256:{sha256}", text=f"{kind}, first characters {visible}", use_at=link)


def _summary(dossier: Dossier) -> MISPObject:
    wording = dossier.wording
    text = "\n".join((*wording.summary, wording.authorisation, wording.confidence, *wording.limits, wording.request,
                      wording.reply))  # fmt: skip
    return _fill(_object("report"), title=dossier.title, summary=text, case_number=dossier.case_id)


def _is_address(host: str) -> bool:
    return host.startswith("[") or host.replace(".", "").isdigit()


def _fix_identifiers(event: dict[str, Any], report_id: str) -> None:
    """Identifiers drawn by chance become ones derived from the report, so that it renders to the same bytes again."""
    named: dict[str, str] = {}
    for holder in _holders(event):
        named.setdefault(holder["uuid"], str(report_uuid(report_id, "misp", str(len(named)))))
    for holder in _holders(event):
        for member in ("uuid", "object_uuid", "referenced_uuid"):
            if member in holder:
                holder[member] = named.get(holder[member], holder[member])
        holder.pop("timestamp", None) if holder is not event else None


def _holders(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "uuid" in value:
            yield value
        for name, member in value.items():
            if name != "Orgc":
                yield from _holders(member)
    elif isinstance(value, list):
        for member in value:
            yield from _holders(member)


def check_misp(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """PyMISP reads it back; identifiers are UUIDs, references stand in the event, digests are digests."""
    value = orjson.loads(files[0].content)
    event = MISPEvent()
    event.load(value)
    problems = [f"no case summary in {files[0].name}"] if not event.get_objects_by_name("report") else []
    known = {UUID(holder["uuid"]) for holder in _holders(value["Event"])}
    for made in value["Event"].get("Object", ()):
        problems += [
            f"a reference of {made['name']} leads nowhere"
            for reference in made.get("ObjectReference", ())
            if UUID(reference["referenced_uuid"]) not in known
        ]
        problems += [
            f"no SHA-256: {attribute['value'][:20]!r}"
            for attribute in made.get("Attribute", ())
            if attribute["type"] == "sha256" and not _DIGEST.fullmatch(attribute["value"])
        ]
    return tuple(problems)


FORMAT = Format("misp", "MISP event", "MISP communities", render_misp, check_misp)
