"""XARF 4.2, the machine-readable form of abuse mail: one report per listing, or per page that shows keys.

Reports are plain dictionaries: the package's models drop a fractional confidence without a word. Its schema validator
is right about dictionaries; what the schemas leave open (base64, digests, URL schemes, `_internal`) is checked here.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

import orjson
from xarf import SchemaValidator

from domain.case import CaseKind
from domain.finding import Authorisation
from domain.secrets import find_secrets
from reports.attachments import attached
from reports.dossier import Dossier, KeyRow, ListingRow, Materials, OfferRow
from reports.errors import NotRenderableError
from reports.format import Format, RenderedFile
from reports.json_files import json_file, without_nothing
from reports.links import host_of
from reports.numbers import percent_text
from reports.prepare import report_uuid

VERSION = "4.2.0"
MOST_ITEM_BYTES = 5_242_880
MOST_REPORT_BYTES = 15_000_000
_MOST_ITEMS = 50
_MOST_DESCRIPTION = 1000
_DOMAIN = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}")
_NOT_IN_TAG = re.compile(r"[^a-z0-9_+-]+")
_EXPOSURE = {"telegram_message": "forum_post", "marketplace_listing": "forum_post", "gist_content": "paste_site"}


def render_xarf(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """One JSON file per report."""
    if dossier.correction:
        raise NotRenderableError("XARF has no way to take a report back; send the correction as text, HTML or PDF")
    if not dossier.provider_site:
        raise NotRenderableError(f"case {dossier.case_id} names no site of the provider, which XARF needs")
    reports = _key_reports(dossier) if dossier.kind is CaseKind.LEAKED_KEYS else _listing_reports(dossier, materials)
    files = tuple(json_file(f"xarf-{number:03d}.json", report) for number, report in enumerate(reports, 1))
    if not files:
        raise NotRenderableError(f"case {dossier.case_id} has no exact http(s) address to report in XARF")
    return files


def _listing_reports(dossier: Dossier, materials: Materials) -> Iterator[dict[str, Any]]:
    for listing in dossier.listings:
        if listing.link is None:
            continue
        offers = dossier.offers_of(listing.key)
        fields = _fraud(dossier) if dossier.kind is CaseKind.SCAM else _brand(dossier, listing, offers)
        yield without_nothing(
            _core(dossier, listing.link, listing.observed_at, listing.key)
            | fields
            | {
                "description": _description(dossier, listing, offers),
                "confidence": listing.probability,
                "tags": _tags(dossier, listing),
                "evidence": _evidence(dossier, listing, offers, materials),
            }
        )


def _core(dossier: Dossier, link: str, observed_at: str, key: str) -> dict[str, Any]:
    host = host_of(link)
    party = {
        "org": dossier.reporter.organisation,
        "contact": dossier.reporter.email,
        "domain": dossier.reporter.domain,
    }
    parts = urlsplit(link)
    return {
        "xarf_version": VERSION,
        "report_id": str(report_uuid(dossier.report_id, "xarf", key)),
        "timestamp": observed_at,
        "reporter": party,
        "sender": party,
        "source_identifier": host,
        "source_port": parts.port or (443 if parts.scheme == "https" else 80),
        "category": "content",
        "url": link,
        "domain": host if _DOMAIN.fullmatch(host) else None,
        "verified_at": observed_at,
        "verification_method": "automated_crawler",
        "target_brand": dossier.provider_name,
        "evidence_source": "crawler",
    }


def _brand(dossier: Dossier, listing: ListingRow, offers: tuple[OfferRow, ...]) -> dict[str, Any]:
    # "unauthorized_reseller" is a claim: it is made only where the provider itself denied permission.
    denied = listing.authorisation == Authorisation.DENIED_BY_PROVIDER.value
    return {
        "type": "brand_infringement",
        "infringement_type": "unauthorized_reseller" if denied else "other",
        "legitimate_site": dossier.provider_site,
        "infringing_elements": ["brand_name"],
        "products_offered": [_product(offer) for offer in offers],
    }


def _fraud(dossier: Dossier) -> dict[str, Any]:
    return {
        "type": "fraud",
        "fraud_type": "shopping",
        "claimed_entity": dossier.provider_name,
        "payment_methods": ["cryptocurrency"] if any(row.kind == "wallet" for row in dossier.sellers) else [],
    }


def _product(offer: OfferRow) -> str:
    if offer.share_best is None:
        return f"{offer.product} (not compared: {offer.refusal})"
    return f"{offer.product}, {percent_text(offer.share_best)} % of the official price"


def _description(dossier: Dossier, listing: ListingRow, offers: tuple[OfferRow, ...]) -> str:
    lowest = min((offer.share_best for offer in offers if offer.share_best), key=float, default=None)
    price = f" The lowest computed price is {percent_text(lowest)} % of the official price." if lowest else ""
    seller = f" Published by {', '.join(listing.sellers)}." if listing.sellers else ""
    text = (
        f"Public listing observed {listing.observed_at} with {len(offers)} stated offers of access to "
        f"{dossier.provider_name} products.{price}{seller} Authorisation: {listing.authorisation}. "
        f"{dossier.wording.authorisation} Nothing was bought and no seller was contacted. {dossier.wording.reply}"
    )
    return text if len(text) <= _MOST_DESCRIPTION else text[: _MOST_DESCRIPTION - 1] + "…"


def _tags(dossier: Dossier, listing: ListingRow) -> list[str]:
    values = {
        "tlp": dossier.tlp.value, "authorisation": listing.authorisation, "lane": listing.lane,
        "case": dossier.case_id, "decision": listing.decision or "none",
    }  # fmt: skip
    return [f"{name}:{_tag_value(value)}" for name, value in values.items()]


def _tag_value(value: str) -> str:
    tag = _NOT_IN_TAG.sub("-", value.lower()).strip("-+_")[:60]
    # A masked key spelt as a tag looks like a key again to every scanner on the way.
    return "withheld" if find_secrets(tag) else tag or "none"


def _evidence(
    dossier: Dossier, listing: ListingRow, offers: tuple[OfferRow, ...], materials: Materials
) -> list[dict[str, Any]]:
    rows = {row.sha256: row for row in dossier.evidence}
    facts = {
        "listing": listing.key,
        "title": listing.title,
        "observed_at": listing.observed_at,
        "offers": [_offer_facts(offer) for offer in offers],
        "evidence": [{"sha256": digest, "captured_at": rows[digest].captured_at} for digest in listing.evidence],
        "terms": [
            {"document": row.document, "clause": row.clause, "as_of": row.as_of, "url": row.url}
            for row in dossier.terms
        ],
        "redactions": [f"{row.what}: {row.reason}" for row in dossier.redactions],
    }
    items = [_item("application/json", orjson.dumps(facts), "Price facts, official prices and digests of the evidence")]
    spent = 0
    for row, body in attached(dossier, materials, listing.evidence, MOST_ITEM_BYTES):
        spent += len(body)
        if spent > MOST_REPORT_BYTES - MOST_ITEM_BYTES or len(items) == _MOST_ITEMS:
            break
        items.append(_item(row.media_type, body, f"{row.kind}, captured {row.captured_at}. {row.description}"[:500]))
    return items


def _offer_facts(offer: OfferRow) -> dict[str, Any]:
    names = (
        "number", "product", "stated_product", "kind", "unit", "price_amount", "price_currency", "multiplier",
        "claimed_share", "share_low", "share_best", "share_high", "refusal", "official_amount", "official_currency",
        "official_unit", "official_source", "official_valid_from", "assumptions",
    )  # fmt: skip
    return without_nothing({name: getattr(offer, name) for name in names})


def _item(content_type: str, body: bytes, description: str) -> dict[str, Any]:
    return {
        "content_type": content_type,
        "payload": base64.b64encode(body).decode("ascii"),
        "description": description,
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
        "size": len(body),
    }


def _key_reports(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for link, group in groupby(sorted(dossier.keys, key=lambda key: key.link), key=lambda key: key.link):
        keys = list(group)
        yield without_nothing(_core(dossier, link, keys[0].observed_at, link) | _exposed(dossier, keys))


def _exposed(dossier: Dossier, keys: list[KeyRow]) -> dict[str, Any]:
    text = (
        f"{len(keys)} keys stood in public at this address on {keys[0].observed_at}. Digests (SHA-256) are given, "
        f"never a key; none was tried. {dossier.wording.request}"
    )
    listed = [{"kind": key.kind, "visible": key.visible, "sha256": key.sha256} for key in keys]
    return {
        "type": "exposed_data",
        "data_types": ["api_keys", "credentials"],
        "exposure_method": _EXPOSURE.get(keys[0].place, "git_repository" if "github.com" in keys[0].link else "other"),
        "record_count": len(keys),
        "affected_organization": keys[0].provider or dossier.provider_name,
        "sensitive_fields": ["api_key"],
        "encryption_status": "unencrypted",
        "accessibility": "public",
        "sample_records": [
            {"description": f"{key.kind}: first characters and digest",
             "redacted_sample": f"{key.visible}... sha256 {key.sha256}"}
            for key in keys[:5]
        ],
        "description": text,
        "tags": [f"tlp:{_tag_value(dossier.tlp.value)}", f"case:{_tag_value(dossier.case_id)}"],
        "evidence": [_item("application/json", orjson.dumps({"keys": listed}), "Digests of every key at this address")],
    }  # fmt: skip


@lru_cache(maxsize=1)
def _schemas() -> SchemaValidator:
    return SchemaValidator()


def check_xarf(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """The schemas of XARF 4.2, and what they leave open."""
    problems: list[str] = []
    for file in files:
        report = orjson.loads(file.content)
        problems += [f"{file.name}: {error.field}: {error.message}" for error in _schemas().validate(report)]
        problems += [f"{file.name}: {problem}" for problem in report_problems(report)]
    return tuple(problems)


def report_problems(report: dict[str, Any]) -> Iterator[str]:
    """What the schemas do not check: base64, digests, sizes, URL schemes, and that nothing internal goes out."""
    if "_internal" in report:
        yield "_internal must never be sent"
    for name in ("url", "legitimate_site", "screenshot_url"):
        if name in report and urlsplit(report[name]).scheme not in {"http", "https"}:
            yield f"{name} is no http(s) address"
    total = 0
    for position, item in enumerate(report.get("evidence", ())):
        try:
            body = base64.b64decode(item["payload"], validate=True)
        except binascii.Error:
            yield f"evidence {position} is no base64"
            continue
        total += len(body)
        if item.get("hash") != f"sha256:{hashlib.sha256(body).hexdigest()}":
            yield f"evidence {position} does not have the digest it states"
        if item.get("size") != len(body) or len(body) > MOST_ITEM_BYTES:
            yield f"evidence {position} does not have the size it states, or is larger than 5 MB"
    if total > MOST_REPORT_BYTES:
        yield "the evidence is larger than 15 MB in all"


FORMAT = Format("xarf", "XARF 4.2", "abuse desks of providers and hosts", render_xarf, check_xarf)
